"""What charts say. Pure: what was counted comes in, plain text goes out."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Final

from ostiary.domain.call_index import CallCharts, Latency
from ostiary.ui import figures
from ostiary.ui.charts.kinds import Kind
from ostiary.ui.language import tr, tr_n
from ostiary.ui.visible import reveal_line

OVER_TIME: Final = tr("Calls over time")
LATENCY: Final = tr("How long tools take")
MEMORY: Final = tr("Memory by server")
NOTHING_OVER_TIME: Final = tr("No calls in this time. When a host uses a tool, it is counted here.")
NOTHING_LATENCY: Final = tr("No tool has answered yet. Once one has, its usual and its long times stand here.")
NOTHING_MEMORY: Final = tr("No server runs. Once one does, what it uses is drawn here.")
COUNTING: Final = tr("Counting…")
KINDS: Final = {
    Kind.OK: tr("OK"),
    Kind.WENT_WRONG: tr("Went wrong"),
    Kind.NOT_ALLOWED: tr("Not allowed"),
    Kind.OTHER: tr("Running or cancelled"),
}
LATENCY_MEANS: Final = tr("● half of all calls are quicker (p50)   ◆ 95 of 100 are (p95); without waiting for you")


def counted(kinds: Mapping[Kind, int]) -> str:
    """ "OK 12, Went wrong 3"."""
    return ", ".join(f"{KINDS[kind]} {figures.number(number)}" for kind, number in kinds.items() if number)


def slot(begins: float, ends: float, kinds: Mapping[Kind, int]) -> str:
    """One bar, line by line."""
    form = tr("%H:%M:%S") if ends - begins < 60 else tr("%d %b %H:%M")
    head = f"{time.strftime(form, time.localtime(begins))} – {time.strftime(form, time.localtime(ends))}"
    return "\n".join((head, *(f"{KINDS[kind]} {figures.number(number)}" for kind, number in kinds.items() if number)))


def over_time(charts: CallCharts, kinds: Mapping[Kind, int]) -> str:
    """The whole chart in a sentence."""
    total = sum(kinds.values())
    if not total:
        return ""
    calls = tr_n("{n} call", "{n} calls", total).format(n=figures.number(total))
    when = lately(charts.until - charts.since)
    return tr("{calls} {when}: {kinds}.").format(calls=calls, when=when, kinds=counted(kinds))


def lately(seconds: float) -> str:
    """ "in the last minute", "in the last 3 hours": as long as that, in its largest whole unit."""
    whole = max(1, int(seconds))
    if whole >= 86_400:
        n = whole // 86_400
        return tr_n("in the last day", "in the last {n} days", n).format(n=figures.number(n))
    if whole >= 3_600:
        n = whole // 3_600
        return tr_n("in the last hour", "in the last {n} hours", n).format(n=n)
    if whole >= 60:
        n = whole // 60
        return tr_n("in the last minute", "in the last {n} minutes", n).format(n=n)
    return tr_n("in the last second", "in the last {n} seconds", whole).format(n=whole)


def tool(latency: Latency, titles: Mapping[str, str]) -> str:
    """One tool, line by line."""
    server = reveal_line(titles.get(latency.server, latency.server))
    calls = tr_n("{n} call", "{n} calls", latency.calls).format(n=figures.number(latency.calls))
    times = tr("p50 {p50}, p95 {p95}").format(p50=milliseconds(latency.p50_ms), p95=milliseconds(latency.p95_ms))
    return f"{reveal_line(latency.tool)} ({server})\n{times}\n{calls}"


def latency(tools: tuple[Latency, ...]) -> str:
    """The whole chart in a sentence."""
    if not tools:
        return ""
    slowest = max(tools, key=lambda tool: tool.p95_ms)
    told = tr_n(
        "{n} tool: {tool}: p50 {p50}, p95 {p95}.", "{n} tools; the slowest is {tool}: p50 {p50}, p95 {p95}.", len(tools)
    )
    return told.format(
        n=figures.number(len(tools)),
        tool=reveal_line(slowest.tool),
        p50=milliseconds(slowest.p50_ms),
        p95=milliseconds(slowest.p95_ms),
    )


def memory(newest: Mapping[str, int]) -> str:
    """What servers use now, by their titles, the largest first."""
    ranked = sorted(newest.items(), key=lambda item: -item[1])
    return ", ".join(f"{reveal_line(title)} {figures.size(used)}" for title, used in ranked)


def milliseconds(duration_ms: float) -> str:
    """ "4 ms", "1.2 s", "3 min"."""
    return figures.milliseconds(duration_ms)
