"""One path of a plan, as every tool that writes tells it."""

from collections.abc import Iterable

from ostiary_servers.common.diff import Diff
from ostiary_servers.common.display import displayable
from ostiary_servers.common.path_gate import Place
from ostiary_servers.common.plan import FileState, Op, PlanItem

_NO_LINES = Diff("", 0, 0)


def plan_item(
    op: Op,
    place: Place,
    before: FileState | None,
    after: FileState | None,
    warnings: Iterable[str] = (),
    diff: Diff = _NO_LINES,
) -> PlanItem:
    """What happens to one path; without a ``diff`` it is not a matter of lines."""
    return PlanItem(
        op=op,
        path=place.requested,
        real_path=displayable(place.real),
        root=place.root.label,
        inside=True,
        before=before,
        after=after,
        diff=diff.text,
        added=diff.added,
        removed=diff.removed,
        warnings=list(warnings),
    )
