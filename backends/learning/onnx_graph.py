"""Writing ONNX graphs node by node, with the operators of arithmetic.

Not traced from PyTorch: what a model does around its networks (crops, boxes, beliefs) has sizes
that depend on the photograph, branches, and double precision, and the file then depends on no
version of an exporter. Only operators of the standard's own domain are used.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from landmark_annotator.projects.vocabulary.errors import MissingPackage

OPSET = 17
"""Of the standard: read by runtimes since 2022."""
_FORM = 8
"""Version of the file's own form that goes with it."""

Array = npt.NDArray[Any]


def load_onnx() -> Any:
    """The package. Raises MissingPackage."""
    try:
        import onnx
    except ImportError as error:
        raise MissingPackage(
            "Writing a model as an ONNX file needs the package onnx, which is not installed.",
            kept="Everything else works without it.",
            remedy="Install it: pip install onnx",
        ) from error
    return onnx


@dataclass(frozen=True, eq=False)
class Value:
    """What a node gives. kind: of its numbers, a numpy dtype: constants beside it take that."""

    graph: "Graph"
    name: str
    kind: np.dtype[Any]

    __array_ufunc__ = None
    """An array beside it leaves arithmetic to it."""

    def _with(self, operation: str, *others: Any, kind: Any = None) -> "Value":
        return self.graph.op(operation, *others, kind=self.kind if kind is None else kind)

    def __add__(self, other: Any) -> "Value":
        return self._with("Add", self, other)

    def __radd__(self, other: Any) -> "Value":
        return self._with("Add", other, self)

    def __sub__(self, other: Any) -> "Value":
        return self._with("Sub", self, other)

    def __rsub__(self, other: Any) -> "Value":
        return self._with("Sub", other, self)

    def __mul__(self, other: Any) -> "Value":
        return self._with("Mul", self, other)

    def __rmul__(self, other: Any) -> "Value":
        return self._with("Mul", other, self)

    def __truediv__(self, other: Any) -> "Value":
        return self._with("Div", self, other)

    def __rtruediv__(self, other: Any) -> "Value":
        return self._with("Div", other, self)

    def __matmul__(self, other: Any) -> "Value":
        return self._with("MatMul", self, other)

    def __lt__(self, other: Any) -> "Value":
        return self._with("Less", self, other, kind=bool)

    def __gt__(self, other: Any) -> "Value":
        return self._with("Greater", self, other, kind=bool)

    def __and__(self, other: "Value") -> "Value":
        return self._with("And", self, other)

    def __invert__(self) -> "Value":
        return self._with("Not", self)

    def cast(self, kind: Any) -> "Value":
        number = self.graph.onnx.helper.np_dtype_to_tensor_dtype(np.dtype(kind))
        return self.graph.op("Cast", self, kind=kind, to=number)

    def reshape(self, *shape: int) -> "Value":
        return self._with("Reshape", self, np.array(shape, np.int64))

    def transpose(self, *order: int) -> "Value":
        return self.graph.op("Transpose", self, kind=self.kind, perm=list(order))

    def take(self, indices: Any, axis: int = 0) -> "Value":
        """Rows by their numbers; one number leaves the axis out."""
        chosen = indices if isinstance(indices, Value) else np.asarray(indices, np.int64)
        return self.graph.op("Gather", self, chosen, kind=self.kind, axis=axis)

    def part(self, start: int, end: int, axis: int = 0) -> "Value":
        bounds = [np.array([n], np.int64) for n in (start, end, axis)]
        return self._with("Slice", self, *bounds)

    def sum(self, *axes: int, keep: bool = False) -> "Value":
        places = np.array(axes, np.int64)
        return self.graph.op("ReduceSum", self, places, kind=self.kind, keepdims=int(keep))

    def reduced(self, operation: str, *axes: int, keep: bool = False) -> "Value":
        """operation: Mean, Max or Min."""
        return self.graph.op(
            f"Reduce{operation}", self, kind=self.kind, axes=list(axes), keepdims=int(keep)
        )

    def clamped(self, low: Any, high: Any = None) -> "Value":
        value = self._with("Max", self, low)
        return value if high is None else value._with("Min", value, high)

    def of(self, operation: str) -> "Value":
        """Such as Exp, Sqrt, Floor, Round or Relu."""
        return self._with(operation, self)


class Graph:
    """Nodes as they are added. onnx: the package."""

    def __init__(self) -> None:
        self.onnx = load_onnx()
        self._nodes: list[list[Any]] = [[]]
        self._constants: dict[tuple[str, tuple[int, ...], bytes], str] = {}
        self._tensors: list[Any] = []
        self._count = 0

    def constant(self, array: Any, kind: Any = None) -> Value:
        """Each content is kept once."""
        value = np.array(array, kind, order="C")
        key = value.dtype.str, value.shape, value.tobytes()
        if key not in self._constants:
            name = self._constants[key] = self._name("c")
            self._tensors.append(self.onnx.numpy_helper.from_array(value, name))
        return Value(self, self._constants[key], value.dtype)

    def op(self, operation: str, *inputs: Any, kind: Any, **attributes: Any) -> Value:
        """inputs: values, or constants of the kind of the first value among them, or else of their
        own. kind: of what comes out."""
        return self.ops(operation, *inputs, kinds=[kind], **attributes)[0]

    def ops(
        self, operation: str, *inputs: Any, kinds: Sequence[Any], **attributes: Any
    ) -> list[Value]:
        """Of an operation with several outputs."""
        first = next((each.kind for each in inputs if isinstance(each, Value)), None)
        names = [self._operand(each, first) for each in inputs]
        found = [Value(self, self._name("v"), np.dtype(kind)) for kind in kinds]
        self._nodes[-1].append(
            self.onnx.helper.make_node(
                operation, names, [v.name for v in found], found[0].name, **attributes
            )
        )
        return found

    def where(self, condition: Value, yes: Value, no: Any) -> Value:
        other = no if isinstance(no, Value) else self.constant(no, yes.kind)
        return self.op("Where", condition, yes, other, kind=yes.kind)

    def joined(self, values: Sequence[Value], axis: int) -> Value:
        return self.op("Concat", *values, kind=values[0].kind, axis=axis)

    def stacked(self, values: Sequence[Value], axis: int) -> Value:
        place = np.array([axis], np.int64)
        apart = [self.op("Unsqueeze", value, place, kind=value.kind) for value in values]
        return self.joined(apart, axis)

    def counting(self, count: Value) -> Value:
        """0, 1, ... below a whole number (int64, no axes)."""
        return self.op("Range", np.int64(0), count, np.int64(1), kind=np.int64)

    def branch(
        self,
        condition: Value,
        yes: Callable[[], Sequence[Value]],
        no: Callable[[], Sequence[Value]],
    ) -> list[Value]:
        """What one of the two gives; the other is not computed."""
        graphs, kinds = [], list[Any]()
        for number, make in enumerate((yes, no)):
            with self._inside() as nodes:
                # A branch gives values of its own.
                found = [self.op("Identity", value, kind=value.kind) for value in make()]
            kinds = [value.kind for value in found]
            graphs.append(self._graph(f"branch{number}", nodes, [], found))
        return self.ops("If", condition, kinds=kinds, then_branch=graphs[0], else_branch=graphs[1])

    def repeated(
        self, state: Value, shape: Sequence[int], count: int, step: Callable[[Value, Value], Value]
    ) -> Value:
        """The state after `count` steps, each of which is given it and its own number."""
        number = Value(self, self._name("n"), np.dtype(np.int64))
        going = Value(self, self._name("b"), np.dtype(bool))
        before = Value(self, self._name("s"), state.kind)
        with self._inside() as nodes:
            after = step(before, number)
            goes_on = self.op("Identity", going, kind=bool)
        inputs = [(number, ()), (going, ()), (before, tuple(shape))]
        body = self._graph("step", nodes, inputs, [goes_on, after])
        return self.op(
            "Loop",
            self.constant(np.int64(count)),
            self.constant(np.bool_(True)),
            state,
            kind=state.kind,
            body=body,
        )

    def model(
        self,
        inputs: Mapping[str, tuple[Any, Sequence[int | str]]],
        make: Callable[..., Mapping[str, tuple[Value, Sequence[int | str]]]],
        about: Mapping[str, str],
    ) -> bytes:
        """The file. inputs: kinds and shapes by their names; make: is given their values, and gives
        the outputs with their shapes. about: what the file says of itself, by names."""
        given = [Value(self, name, np.dtype(kind)) for name, (kind, _) in inputs.items()]
        made = make(*given)
        named = []
        for name, (value, shape) in made.items():
            self._nodes[-1].append(self.onnx.helper.make_node("Identity", [value.name], [name]))
            named.append((Value(self, name, value.kind), shape))
        shapes = [shape for _, shape in inputs.values()]
        graph = self.onnx.helper.make_graph(
            self._nodes[0],
            "model",
            [self._info(*pair) for pair in zip(given, shapes, strict=True)],
            [self._info(*pair) for pair in named],
            self._tensors,
        )
        model = self.onnx.helper.make_model(
            graph,
            opset_imports=[self.onnx.helper.make_opsetid("", OPSET)],
            ir_version=_FORM,
            producer_name="landmark-annotator",
        )
        self.onnx.helper.set_model_props(model, dict(about))
        self.onnx.checker.check_model(model)
        return bytes(model.SerializeToString())

    def _operand(self, value: Any, kind: Any) -> str:
        if isinstance(value, Value):
            return value.name
        if isinstance(value, int | float) and kind is not None:
            return self.constant(value, kind).name
        return self.constant(value).name

    def _name(self, letter: str) -> str:
        self._count += 1
        return f"{letter}{self._count}"

    @contextmanager
    def _inside(self) -> Iterator[list[Any]]:
        self._nodes.append([])
        try:
            yield self._nodes[-1]
        finally:
            self._nodes.pop()

    def _graph(
        self,
        name: str,
        nodes: Sequence[Any],
        inputs: Sequence[tuple[Value, Sequence[int]]],
        outputs: Sequence[Value],
    ) -> Any:
        return self.onnx.helper.make_graph(
            nodes,
            self._name(name),
            [self._info(*each) for each in inputs],
            [self._info(value, None) for value in outputs],
        )

    def _info(self, value: Value, shape: Sequence[int | str] | None) -> Any:
        kind = self.onnx.helper.np_dtype_to_tensor_dtype(value.kind)
        return self.onnx.helper.make_tensor_value_info(value.name, kind, shape)
