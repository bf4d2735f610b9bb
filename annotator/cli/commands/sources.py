"""annotator sources: from where images are fetched, and the cache of what was."""

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from landmark_annotator.annotator.cli.support.options import AsJson, project_folder
from landmark_annotator.annotator.cli.support.output import answer, columns, counted, note


def sources(
    project: Annotated[
        Path | None,
        typer.Argument(
            metavar="[PROJECT]",
            help="Whose sources to list; none: only what this user has confirmed.",
            show_default=False,
            parser=project_folder,
        ),
    ] = None,
    allow: Annotated[
        list[str] | None,
        typer.Option(metavar="SOURCE", help="Images may be fetched from there: s3://BUCKET."),
    ] = None,
    forbid: Annotated[
        list[str] | None, typer.Option(metavar="SOURCE", help="They may no longer.")
    ] = None,
    cache_limit: Annotated[
        str | None,
        typer.Option(metavar="SIZE", help="How large the cache may grow: 500MB, 20GB."),
    ] = None,
    clear_cache: Annotated[
        bool, typer.Option("--clear-cache", help="Take all copies of fetched images away.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List from where the images of a project are fetched, confirm that, and keep the cache small.

    Nothing is fetched from a source that nobody has confirmed on this machine; who types an address
    into a command has confirmed it.

    Example: annotator sources faces --allow s3://bucket
    """
    from landmark_annotator.annotator.cli.support.opened_project import open_to_read
    from landmark_annotator.annotator.session.reports.sources import image_sources
    from landmark_annotator.projects.remote import cache, checked, settings, source_name
    from landmark_annotator.projects.remote.addresses import cache_folder

    if cache_limit is not None and cache_limit.strip()[-1:].isdecimal():
        # Of "20 GB" a shell makes two words.
        raise typer.BadParameter(
            "its unit is missing: write both as one word, 500MB or 20GB.",
            param_hint="--cache-limit",
        )
    # Before anything is done: a name that is no project's is to change nothing.
    with nullcontext() if project is None else open_to_read(project) as opened:
        if cache_limit is not None:
            settings.limit_cache(settings.size(cache_limit))
            cache.make_room(0)
        if forbid:
            settings.forbid([source_name(checked(name)) for name in forbid])
        if allow:
            settings.allow([source_name(checked(name)) for name in allow])
        freed = cache.clear() if clear_cache else 0
        found = [] if opened is None else image_sources(opened)
    files, size = cache.measure()
    facts = {
        "sources": [{"name": s.name, "images": s.images, "confirmed": s.confirmed} for s in found],
        "confirmed": sorted(settings.allowed()),
        "cache": {
            "folder": cache_folder(),
            "files": files,
            "bytes": size,
            "limit": settings.cache_limit(),
        },
    }
    if project is None:
        lines = sorted(settings.allowed()) or ["No source is confirmed."]
    elif found:
        rows = [["source", "images", "confirmed"]]
        rows += [[s.name, f"{s.images:,}", "yes" if s.confirmed else "no"] for s in found]
        lines = [columns(rows)]
    else:
        lines = ["All images are files of this machine or of its drives."]
    lines.append(
        f"The cache holds {counted(files, 'file')}, {size / 1e6:,.1f} MB of "
        f"{settings.cache_limit() / 1e6:,.0f} MB, in {cache_folder()}."
    )
    answer(facts, "\n".join(lines), as_json=as_json)
    if clear_cache:
        note(f"{freed / 1e6:,.1f} MB were freed.")
    waiting = [source for source in found if not source.confirmed]
    if waiting:
        note(settings.to_allow(waiting[0].name))
