"""What figures of a training are called for people."""

_HELD_OUT = "error on held-out labels"
_TITLES = {
    "held_out_error": f"{_HELD_OUT}, %",
    "held_out_error_low": f"{_HELD_OUT}, at least, %",
    "held_out_error_high": f"{_HELD_OUT}, at most, %",
    "held_out_error_densities": f"{_HELD_OUT}, densities alone, %",
    "held_out_error_regressed": f"{_HELD_OUT}, regressed, %",
    "held_out_error_regressed_low": f"{_HELD_OUT}, regressed, at least, %",
    "held_out_error_regressed_high": f"{_HELD_OUT}, regressed, at most, %",
    "held_out_error_first_look": f"{_HELD_OUT}, first look alone, %",
    "held_out_error_second_look": f"{_HELD_OUT}, with the second look, %",
    "held_out_visible_error": "visible error on held-out labels, %",
    "held_out_recall": "held-out objects found, %",
    "held_out_unmatched_per_image": "boxes an image that hold no object",
    "held_out_overlap": "overlap with held-out masks, %",
    "effective_rank": "effective rank of the features",
}


def figure_title(name: str) -> str:
    """Of a figure of a card; the name itself of what is none, or of a plug-in's backend."""
    return _TITLES.get(name, name)
