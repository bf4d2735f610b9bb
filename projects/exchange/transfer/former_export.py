"""What stands where an export is to go: an earlier export of this program, or somebody's own work.

Every export has a data sheet that names its files; what no sheet names is never overwritten and
never removed. A sheet may itself be made up: it lets only files be removed that are in the
export's own place and still have the content that it says.
"""

import json
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from landmark_annotator.projects.exchange.codecs.common.files import files_below, replace_file
from landmark_annotator.projects.exchange.codecs.common.staging import Staging, staged
from landmark_annotator.projects.exchange.format_card import Format
from landmark_annotator.projects.images import IMAGE_SUFFIXES
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import FormatError
from landmark_annotator.projects.vocabulary.wording import first_few

_DATABASE = "project.db"
_OWN_FOLDERS = ("models", "backups")
"""Of a project: its folders in which nothing else belongs."""
_SHOWN = 3


@dataclass(frozen=True)
class FormerExport:
    """format, parts: how it was written, and the names of its files or folders; none where there
    is no data sheet. files: what it wrote, by path from the sheet's folder, with the digest of
    each; None where the sheet does not say, as those of earlier versions. unfinished: it was
    stopped before its end. project, made: of which it was, by name and by when that was made; ''
    where the sheet does not say."""

    sheet: Path
    format: str
    parts: frozenset[str]
    files: Mapping[str, str] | None
    unfinished: bool = False
    project: str = ""
    made: str = ""

    @classmethod
    def at(cls, sheet: Path) -> "FormerExport":
        """sheet: the data sheet in Markdown, where an export would have it."""
        try:
            content = json.loads(sheet.with_suffix(".json").read_text(encoding="utf-8"))
            parts = frozenset(str(part["file"]) for part in content["parts"].values())
            files, unfinished = _named_files(content), "unfinished" in content
            project, made = (str(content.get(key, "")) for key in ("project", "project_made"))
            return cls(sheet, str(content["format"]), parts, files, unfinished, project, made)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return cls(sheet, "", frozenset(), None)

    def refuse_foreign(
        self, project: Project, format: str, parts: Collection[Path], files: Sequence[Path]
    ) -> None:
        """project: whose export the new one is; it may be closed. parts: its files or folders.
        files: all that it writes.

        Raises FormatError where one of them would go over something else.
        """
        there = [file for file in files if os.path.lexists(file)]
        if not there:
            return
        if self._is_of_another(project):
            alike = ", which is called so too" if self.project == project.name else ""
            raise FormatError(
                f"{self.sheet.name} there describes an export of another project: "
                f"{self.project}{alike}.",
                kept="Nothing was written.",
                remedy="Choose another name, or move the other export away.",
            )
        if self.parts and self.parts != {part.name for part in parts}:
            raise FormatError(
                f"{self.sheet.name} there describes another export: "
                f"{', '.join(sorted(self.parts))}.",
                kept="Nothing was written.",
                remedy="Choose another name, or move the other export away.",
            )
        sheets = {self.sheet, self.sheet.with_suffix(".json")} if self.parts else set()
        if self.files is not None:
            own = {*self._digests(), *map(_place, sheets)}
            foreign = [file for file in there if _place(file) not in own]
        elif self.parts and self.format == format:
            return
        else:
            own = {*parts, *sheets} if self.parts else set()
            foreign = [file for file in there if own.isdisjoint((file, *file.parents))]
        if foreign:
            raise _in_the_way(foreign, ", and no export of this program made it")

    def _is_of_another(self, project: Project) -> bool:
        """Two may have one name, and one may get another: sheets of earlier versions have it
        alone."""
        if self.made:
            return self.made != project.made
        return bool(self.project) and self.project != project.name

    def refuse_changed(self, card: Format, files: Iterable[Path]) -> None:
        """Raises FormatError where one of the files is no longer what this program wrote there, but
        for the one in which the format keeps that."""
        if self.unfinished:  # it may still be what the export before that has written
            return
        digests = self._digests()
        changed = [
            file
            for file in files
            if file.is_file()
            and not file.is_symlink()
            and file.name != card.merges
            and digests.get(_place(file)) not in (None, "", _digest(file))
        ]
        if changed:
            raise _in_the_way(changed, ", and it was changed since this program exported it")

    def _digests(self) -> dict[Path, str]:
        """By the places of the files that the sheet names."""
        return {_place(self.sheet.parent / name): each for name, each in (self.files or {}).items()}

    def begin(
        self, project: Project, format: str, parts: Mapping[str, Path], files: Mapping[str, str]
    ) -> None:
        """Says, where the data sheet stands, that the export is not finished.

        What an export that is killed leaves then looks like none, and the next one knows its files.
        """
        content = {
            "unfinished": "This export was stopped before its end: do it again.",
            "project": project.name,
            "project_made": project.made,
            "format": format,
            "parts": {name: {"file": part.name} for name, part in parts.items()},
            "files": {**(self.files or {}), **files},
        }
        replace_file(self.sheet.with_suffix(".json"), json.dumps(content, indent=1))
        replace_file(self.sheet, f"# No data set yet\n\n{content['unfinished']}\n")

    def remove_leftovers(self, export: Staging, spared: Collection[Path]) -> None:
        """Its files that the new export does not have, unless somebody has changed them.

        spared: files that are not removed whatever the sheet says, by their resolved paths.
        """
        new = set(export.files)
        for name, digest in (self.files or {}).items():
            file = _place(self.sheet.parent / name)
            safe = ".." not in PurePosixPath(name).parts and export.root in file.parents
            if not safe or file in new or file in spared or file.is_symlink():
                continue
            if file.is_file() and _digest(file) == digest:
                file.unlink()
                _remove_empty(file.parent, export.root)


def named_beside(sheet: Path) -> set[Path]:
    """Where files are that the sheets of other exports there name: those of one name have their
    images in one folder."""
    sheets = {each.with_suffix(".md") for each in sheet.parent.glob("*.datasheet.json")} - {sheet}
    return {place for each in sheets for place in FormerExport.at(each)._digests()}


def listed(export: Staging, former: FormerExport, beside: Collection[Path]) -> dict[str, str]:
    """The files of an export as its sheet names them. former: what stands in its place; beside: see
    `named_beside`."""
    at = Path(os.path.realpath(former.sheet.parent))
    own = former._digests().keys() | set(beside)
    files = {name: "" for name in export.kept if _place(export.root / name) in own}
    digests = {**{n: _digest(export.root / n) for n in files}, **export.written}
    return {_name(export.root / name, at): digest for name, digest in digests.items()}


def foreign_beside(export: Staging, parts: Iterable[Path], spared: Collection[Path]) -> list[str]:
    """A sentence about files in an export's folders that a program would take for its labels."""
    kinds = {f.suffix for f in export.files if f.suffix not in IMAGE_SUFFIXES}
    own = set(export.files)
    found = [
        file
        for part in parts
        if part.is_dir()
        for file in files_below(Path(os.path.realpath(part)))[0]
        if file.suffix in kinds and file not in own and file not in spared
    ]
    if not found:
        return []
    names = first_few([file.name for file in found], _SHOWN)
    return [f"Files of other origin were there and were kept: {names}."]


def refuse_project_files(project: Project, files: Iterable[Path]) -> None:
    """Raises FormatError where one of the files is the project itself, or one of its images."""
    home = Path(os.path.realpath(project.folder))
    images: set[Path] | None = None
    for file in files:
        place = _place(file)
        own = place.parent == home and place.name.startswith(_DATABASE)
        own |= home in place.parents and place.relative_to(home).parts[0] in _OWN_FOLDERS
        if not own and file.is_file():
            images = project_images(project) if images is None else images
            own = place in images
        if own:
            raise FormatError(
                f"{file} is a file of the project itself: no export goes there.",
                kept="Nothing was written.",
                remedy="Choose another name or folder.",
            )


def refuse_other_kinds(
    card: Format, target: Path, export: Staging, schemes: Iterable[Scheme]
) -> None:
    """For an export without a data sheet, which cannot know an earlier one of its own. schemes:
    what such a one may have been written in.

    Raises FormatError where one of its files would go over something, and what is at the target is
    not of this format. Of a link nothing is lost.
    """
    there = [
        file
        for file in export.files
        if not file.is_symlink() and file.exists() and file.stat().st_size
    ]
    if not there or card.reader().sniff(target):
        return
    # An earlier export that holds no labels looks like none: it is known by its bytes.
    foreign = there
    for scheme in schemes:
        empty = _without_labels(card, target, scheme)
        foreign = [f for f in foreign if _digest(f) != empty.get(f.relative_to(export.root))]
        if not foreign:
            return
    if foreign:
        raise _in_the_way(foreign, f", and {target} holds no labels as {card.name}")


def _without_labels(card: Format, target: Path, scheme: Scheme) -> Mapping[Path, str]:
    """The digests of what an export of no instance holds, by path in its root."""
    with TemporaryDirectory() as scratch:
        elsewhere = Path(scratch) / target.name
        with staged(elsewhere if card.writes_folder else elsewhere.parent) as export:
            card.write(elsewhere, (), scheme)
            return export.written


def _in_the_way(files: Sequence[Path], why: str) -> FormatError:
    return FormatError(
        f"{first_few([*map(str, files)], 1)} would be overwritten{why}.",
        kept="Nothing was written.",
        remedy="Choose another name or folder, or move it away.",
    )


def project_images(project: Project) -> set[Path]:
    """Where the project's images are, by their resolved paths; also those that are left out."""
    folders: dict[Path, Path] = {}
    found = set()
    for image in project.images(excluded=True):
        folder = image.path.parent
        if folder not in folders:
            folders[folder] = Path(os.path.realpath(folder))
        found.add(folders[folder] / image.path.name)
    return found


def _place(file: Path) -> Path:
    """Links in its folders followed; a link itself stays one."""
    return Path(os.path.realpath(file.parent)) / file.name


def _name(file: Path, folder: Path) -> str:
    return file.relative_to(folder).as_posix()


def _named_files(content: Mapping[str, Any]) -> dict[str, str] | None:
    files = content.get("files")
    if not isinstance(files, dict):
        return None
    return {name: digest for name, digest in files.items() if isinstance(digest, str)}


def _digest(file: Path) -> str:
    digest = blake2b(digest_size=16)
    try:
        with file.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    except OSError:
        return ""
    return digest.hexdigest()


def _remove_empty(folder: Path, root: Path) -> None:
    while root in folder.parents:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent
