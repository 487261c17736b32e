"""``write_file`` and ``edit_file``: look, plan, and, unless it is a dry run, apply.

What a file is stays as it is: its encoding, byte order mark, line endings and mode are kept. A new file is UTF-8 and
gets what the umask leaves of 0666.
"""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass

from ostiary_servers.common.anchored import replace_file
from ostiary_servers.common.answer import Answer
from ostiary_servers.common.diff import DIFF_LIMIT_BYTES, unified_diff
from ostiary_servers.common.display import displayable, on_one_line
from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.journal import Change, Journal
from ostiary_servers.common.path_gate import PathGate, Place
from ostiary_servers.common.plan import ChangePlan, Expected, Op, PlanItem, change_plan
from ostiary_servers.common.text_file import UTF_8, Encoding, Eol, eol_of, with_newline
from ostiary_servers.files.arguments import EditFile, WriteFile
from ostiary_servers.files.operations.census import take_census
from ostiary_servers.files.operations.editing import apply_edits
from ostiary_servers.files.operations.facts import octal_mode
from ostiary_servers.files.operations.outcome import outcome
from ostiary_servers.files.operations.plan_items import plan_item
from ostiary_servers.files.operations.reading import encoding_unknown
from ostiary_servers.files.operations.snapshot import Snapshot, decoded, snapshot, state_of

SHOWN_DIFF_BYTES = 20_000
"""How much of a diff a model is told. Only the plan of a dry run carries more, because a person is shown it."""

_UMASK = os.umask(0o077)
os.umask(_UMASK)  # reading it means setting it, so it is read once, before there are threads


@dataclass(frozen=True, slots=True)
class Content:
    """The content that a write is about to give a file, and what the person should know about it."""

    op: Op
    raw: bytes
    text: str
    encoding: Encoding
    warnings: tuple[str, ...]


def write_file(gate: PathGate, arguments: WriteFile, expected: Expected, journal: Journal | None = None) -> Answer:
    """Makes a file, or replaces all of one, in the form it had. Raises ToolError."""
    place = gate.locate_for_write(arguments.path)
    before = snapshot(place)
    expected.confirm(place.requested, {displayable(place.real): before.state.sha256 if before else None})
    change = _new_file(arguments.content) if before is None else _overwritten(arguments.content, before)
    return carry_out_write("write_file", place, before, change, None if arguments.dry_run else expected, journal)


def edit_file(gate: PathGate, arguments: EditFile, expected: Expected, journal: Journal | None = None) -> Answer:
    """Replaces parts of a text file. Raises ToolError, among others ``ambiguous_match`` and ``encoding_unknown``."""
    place = gate.locate_for_write(arguments.path)
    before = snapshot(place)
    expected.confirm(place.requested, {displayable(place.real): before.state.sha256 if before else None})
    encoding, text = _editable(before, arguments.path)
    after = apply_edits(text, arguments.edits, arguments.path)
    try:
        raw = encoding.encode(after)
    except UnicodeEncodeError as error:
        raise _cannot_hold(arguments.path, encoding, error.object[error.start]) from None
    warnings = [f"The encoding is a guess ({encoding.codec}); bytes outside the edit are kept."] * encoding.guessed
    change = Content(Op.EDIT, raw, after, encoding, tuple(warnings))
    return carry_out_write("edit_file", place, before, change, None if arguments.dry_run else expected, journal)


def _new_file(content: str) -> Content:
    return Content(Op.CREATE, UTF_8.encode(content), content, UTF_8, ())


def _overwritten(content: str, before: Snapshot) -> Content:
    """The new content in the old form, as far as the old form can hold it."""
    if before.encoding is None or before.text is None:
        return Content(Op.OVERWRITE, UTF_8.encode(content), content, UTF_8, ("This replaces a file that is not text.",))
    warnings = []
    if eol_of(before.text) is Eol.CRLF and eol_of(content) is Eol.LF:
        content = with_newline(content, "\r\n")
        warnings.append("Line endings stay CRLF.")
    if before.encoding.mark:
        content = content.removeprefix("\ufeff")
    try:
        return Content(
            Op.OVERWRITE, before.encoding.encode(content), content, before.encoding, (*warnings, *_guess(before))
        )
    except UnicodeEncodeError:
        warnings.append(f"The encoding changes from {before.encoding.codec} to utf-8, which can hold the new text.")
        return Content(Op.OVERWRITE, UTF_8.encode(content), content, UTF_8, tuple(warnings))


def _guess(before: Snapshot) -> Iterable[str]:
    if before.encoding is not None and before.encoding.guessed:
        yield f"The encoding is a guess ({before.encoding.codec})."


def _editable(before: Snapshot | None, requested: str) -> tuple[Encoding, str]:
    if before is None:
        raise ToolError(
            ErrorCode.NOT_FOUND, f"There is nothing at “{requested}”.", "Use write_file to make a new file."
        )
    if before.encoding is None or before.text is None:
        if b"\0" in before.raw:
            raise ToolError(ErrorCode.BINARY, f"“{requested}” is not text.", "It cannot be edited.")
        raise encoding_unknown(requested)
    return before.encoding, before.text


def carry_out_write(
    tool: str,
    place: Place,
    before: Snapshot | None,
    change: Content,
    expected: Expected | None,
    journal: Journal | None,
) -> Answer:
    """Plans the change and, if it goes as ``expected``, makes it; None is a dry run."""
    dry_run = expected is None
    changes = before is None or before.raw != change.raw
    diff_limit_bytes = DIFF_LIMIT_BYTES if dry_run else SHOWN_DIFF_BYTES
    plan = change_plan(tool, [_file_item(place, before, change, diff_limit_bytes)] if changes else [])
    change_id = None
    if applied := changes and expected is not None:
        expected.confirm_change(place.requested)
        change_id = _apply(plan, place, before, change, journal)
    text = "".join(_shown(item) for item in plan.items) or "Nothing changes: the file already has this content."
    return outcome(text, plan, dry_run=dry_run, applied=applied, change_id=change_id, journal=journal)


def _apply(
    plan: ChangePlan, place: Place, before: Snapshot | None, content: Content, journal: Journal | None
) -> str | None:
    """Writes the file; what it replaces is in the journal before. Gives the change's id."""
    if journal is None or before is None:
        replace_file(place, content.raw, before.state.sha256 if before else None)
        return journal.keep_made(lambda: _record(plan, place, take_census(place).digest)) if journal else None
    sha256 = hashlib.sha256(content.raw).hexdigest()
    change_id = _kept_first(journal, _record(plan, place, sha256), before.raw, place.requested)
    try:
        replace_file(place, content.raw, before.state.sha256)
    except BaseException:
        journal.forget(change_id)
        raise
    return change_id


def _kept_first(journal: Journal, change: Change, before: bytes, requested: str) -> str:
    try:
        return journal.keep(change, before)
    except OSError as error:
        raise ToolError(
            ErrorCode.IO_ERROR,
            f"What “{requested}” holds now could not be kept for an undo; nothing was written.",
            "Ask the person to look at the free space of their home folder.",
        ) from error


def _record(plan: ChangePlan, place: Place, after: str) -> Change:
    return Change(tool=plan.tool, title=plan.title, op=plan.items[0].op, path=place.real, after=after)


def restored(raw: bytes) -> Content:
    """The content that a file had before."""
    encoding, text = decoded(raw)
    return Content(Op.OVERWRITE, raw, text or "", encoding or UTF_8, ("The old content comes back.",))


def _file_item(place: Place, before: Snapshot | None, change: Content, diff_limit_bytes: int) -> PlanItem:
    old_text = (before.text or "") if before else ""
    diff = unified_diff(old_text, change.text, on_one_line(place.requested), diff_limit_bytes)
    mode = before.state.mode if before else octal_mode(0o666 & ~_UMASK)
    after = state_of(change.raw, mode, change.encoding, change.text)
    warnings = [*change.warnings, *_warnings(before, change)]
    return plan_item(change.op, place, before.state if before else None, after, warnings, diff)


def _warnings(before: Snapshot | None, change: Content) -> Iterable[str]:
    if before is not None and before.links > 1:
        yield f"This file has {before.links} hard links; the others keep the old content."
    _, read_again = decoded(change.raw)
    if read_again != change.text:
        yield "Read again, these bytes would be taken for another encoding, or for no text at all."


def _shown(item: PlanItem) -> str:
    """A plan's item for a model: what happens, warnings, and as much of the diff as is worth its tokens."""
    head = f"{item.op.capitalize()} {on_one_line(item.path)} (+{item.added} −{item.removed})\n"
    warnings = "".join(f"! {warning}\n" for warning in item.warnings)
    kept = item.diff.encode()[:SHOWN_DIFF_BYTES].decode(errors="ignore")
    cut = "" if len(kept) == len(item.diff) else "\n… the rest of the diff is left out\n"
    return head + warnings + kept + cut


def _cannot_hold(requested: str, encoding: Encoding, character: str) -> ToolError:
    return ToolError(
        ErrorCode.ENCODING_UNKNOWN,
        f"“{requested}” is stored as {encoding.codec}, which cannot hold “{character}”; nothing was written.",
        "Use only characters that the file's encoding has.",
    )
