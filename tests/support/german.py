"""A pytest plugin (``-p tests.support.german``): the window speaks German. Loaded before any sentence is looked up."""

from __future__ import annotations

from ostiary.ui.language import choose

assert choose(("de",)) == "de"
