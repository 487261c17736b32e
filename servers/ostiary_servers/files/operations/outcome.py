"""What a write tells at its end."""

from ostiary_servers.common.answer import Answer
from ostiary_servers.common.journal import Journal
from ostiary_servers.common.plan import ChangePlan
from ostiary_servers.files.answers import WriteOutcome


def outcome(
    text: str, plan: ChangePlan, *, dry_run: bool, applied: bool, change_id: str | None, journal: Journal | None
) -> Answer:
    """The answer of a write. ``change_id`` is None when nothing was changed, or it stands in no journal."""
    structured = WriteOutcome(dry_run=dry_run, applied=applied, plan=plan, change_id=change_id)
    return Answer(text, structured, _note(dry_run and bool(plan.items), applied, change_id, journal))


def _note(only_planned: bool, applied: bool, change_id: str | None, journal: Journal | None) -> str:
    """Whether it was done: what would change and what has changed read alike."""
    if only_planned:
        return "[Nothing was changed: a dry run. To do it, call again without dryRun.]"
    if not applied:
        return ""
    if change_id is None:
        return "[Done.]" if journal is None else "[Done. It could not be written down, so it cannot be taken back.]"
    return f"[Done. To take this back: undo_change with changeId {change_id}]"
