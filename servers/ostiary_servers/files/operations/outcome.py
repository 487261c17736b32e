"""What a write tells at its end."""

from ostiary_servers.common.answer import Answer
from ostiary_servers.common.plan import ChangePlan
from ostiary_servers.files.answers import WriteOutcome


def outcome(text: str, plan: ChangePlan, *, dry_run: bool, applied: bool, change_id: str | None) -> Answer:
    """The answer of a write. ``change_id`` is None when nothing was changed, or no journal is kept."""
    structured = WriteOutcome(dry_run=dry_run, applied=applied, plan=plan, change_id=change_id)
    return Answer(text, structured, _note(dry_run and bool(plan.items), applied, change_id))


def _note(only_planned: bool, applied: bool, change_id: str | None) -> str:
    """Whether it was done: what would change and what has changed read alike."""
    if only_planned:
        return "[Nothing was changed: a dry run. To do it, call again without dryRun.]"
    if not applied:
        return ""
    return f"[Done. To take this back: undo_change with changeId {change_id}]" if change_id else "[Done.]"
