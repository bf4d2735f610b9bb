"""annotator propose: proposals for everything that is not accepted yet."""

import shlex
from dataclasses import asdict
from typing import Annotated, Any

import typer

from landmark_annotator.annotator.cli.support.exit_codes import ExitCode
from landmark_annotator.annotator.cli.support.options import (
    AsJson,
    Device,
    ProjectFolder,
    Scheduler,
    SchedulerSettings,
    Strict,
)
from landmark_annotator.annotator.cli.support.output import answer, counted, note
from landmark_annotator.annotator.cli.support.shard_options import (
    Results,
    ShardNumber,
    compute_shard,
    refuse_alone,
)


def propose(
    project: ProjectFolder,
    find: Annotated[
        bool,
        typer.Option(help="Look for the objects of images that have none. One step for undo each."),
    ] = True,
    aside: Annotated[
        list[str] | None,
        typer.Option(
            help="Set what was brought under this name (of a model or a file) aside: it is kept, "
            "and the program's own proposal is shown.",
        ),
    ] = None,
    back: Annotated[
        list[str] | None, typer.Option(help="Show again what was set aside under this name.")
    ] = None,
    device: Device = "cpu",
    scheduler: Scheduler = None,
    scheduler_settings: SchedulerSettings = None,
    shard: ShardNumber = None,
    results: Results = None,
    strict: Strict = False,
    as_json: AsJson = False,
) -> None:
    """Find the objects of images that have none, propose a shape for every object that is not
    accepted, and say how sure it is.

    What somebody has brought, by --as-proposals or with the API under a name of its own, is kept
    beside the program's proposal and shown before it. Objects that `annotator track` has followed
    through a video are proposed for by all frames of their tracks together, as it does. With
    --shard these are left as they are, and objects are not looked for: that is `annotator find
    --shard`.

    Example: annotator propose faces
    """
    from landmark_annotator.annotator.cli.support.opened_project import open_to_write
    from landmark_annotator.annotator.cli.support.person import who
    from landmark_annotator.annotator.cli.support.progress_bar import ProgressBar
    from landmark_annotator.annotator.cli.support.unread_images import note_unread, refuse_unread
    from landmark_annotator.annotator.session.execution.choice import executor_named
    from landmark_annotator.annotator.session.finding.found_objects import find_all
    from landmark_annotator.annotator.session.models.batch_proposals import propose_all, set_aside
    from landmark_annotator.annotator.session.models.mask_proposals import propose_masks
    from landmark_annotator.annotator.session.models.novelty import (
        novelty_sentence,
        unknown_sentence,
    )
    from landmark_annotator.annotator.session.tracking.followed_anew import propose_followed
    from landmark_annotator.backends.registry import check_device
    from landmark_annotator.projects.store import WHICH_PROPOSAL

    check_device(device)
    executor = executor_named(scheduler, scheduler_settings, note)
    refuse_alone(results, shard)
    if shard is not None:
        from landmark_annotator.annotator.session.shards.proposal_shards import ProposalShards

        compute_shard(project, ProposalShards, shard, results, executor, as_json=as_json)
        return
    with open_to_write(project) as opened, ProgressBar() as progress, executor:
        # First, so that nothing is changed where a name is wrong.
        for names, put_aside in ((aside, True), (back, False)):
            for name in names or ():
                set_aside(opened, name, aside=put_aside)
        found = (
            find_all(opened, progress, who=who(), executor=executor, device=device)
            if find
            else None
        )
        done = propose_all(opened, progress, executor, device)
        followed = propose_followed(opened, progress, device)
        masks = propose_masks(opened, progress, device)
    unread = [*([] if found is None else found.unreadable), *done.unreadable, *followed.unreadable]
    unread = list(dict.fromkeys([*unread, *followed.missing]))
    if not progress.cancelled():
        worked = done.count + done.changed + done.unknown + followed.proposed
        worked += 0 if found is None else found.images
        refuse_unread(unread, worked, "Nothing was proposed.")
    facts: dict[str, Any] = {
        "proposed": done.count,
        "earlier": done.earlier,
        "reason": done.reason,
        "without_box": done.without_box,
        "changed": done.changed,
        "unfamiliar": done.unfamiliar,
        "unknown": done.unknown,
        "unreadable": done.unreadable,
        "followed": asdict(followed),
        "finding": None if found is None else asdict(found),
        "brought": [asdict(one) for one in done.brought],
        "rule": WHICH_PROPOSAL,
        "masks": asdict(masks),
    }
    lines = [done.reason, f"Proposed for {counted(done.count, 'instance')}.", *done.shown]
    if found is not None and found.images:
        lines = [
            found.reason,
            found.sentence,
            *lines,
        ]
    if followed.sentence:
        lines.append(followed.sentence)
    if masks.reason:
        lines += [masks.reason, f"Masks proposed for {counted(masks.count, 'instance')}."]
    answer(facts, "\n".join(lines), as_json=as_json)
    if done.unfamiliar:
        note(novelty_sentence(len(done.unfamiliar), done.count))
    if done.unknown:
        note(unknown_sentence(done.unknown))
    if done.earlier:
        note(
            f"{counted(done.earlier, 'instance')} had been proposed for by the same model before "
            "an earlier command ended too soon."
        )
    if done.without_box:
        need = counted(done.without_box, "instance needs", "instances need")
        note(f"{need} a box first: draw it in the window.")
        if found is not None and not found.images:
            note(found.reason)
    if done.changed:
        kept = counted(done.changed, "instance was", "instances were")
        note(f"{kept} changed meanwhile, and left as that is.")
    note_unread(list(dict.fromkeys([*unread, *masks.unreadable])))
    if followed.missing:
        note(
            "Tracks of a video that is missing keep what was proposed before. Where is it? "
            f"annotator locate {shlex.quote(str(project))} FOLDER"
        )
    if progress.cancelled():
        note("Stopped before the end. What was proposed is stored; the same command goes on there.")
        raise typer.Exit(ExitCode.INTERRUPTED)
    if strict and (done.without_box or unread):
        raise typer.Exit(ExitCode.INCOMPLETE)
