"""References to secrets: found, filled in, and refused when they are not sound."""

from __future__ import annotations

import pytest

from ostiary.domain.errors import SecretError, UsageError
from ostiary.gateway.secrets.references import fill, names_in


def test_names_are_found_once_each_in_order() -> None:
    texts = ("${secret:ONE}", "x-${secret:TWO_2}-${secret:ONE}", "$HOME ${other:X} {secret:Y}")
    assert names_in(texts) == ("ONE", "TWO_2")


def test_values_are_filled_in_and_everything_else_stays() -> None:
    texts = ("Bearer ${secret:ONE}!", "${secret:ONE}${secret:TWO}", "$HOME")
    assert fill(texts, {"ONE": "1", "TWO": "2"}) == ("Bearer 1!", "12", "$HOME")


def test_what_a_secret_holds_is_not_filled_in_again() -> None:
    assert fill(("${secret:ONE}",), {"ONE": r"${secret:TWO} \1", "TWO": "no"}) == (r"${secret:TWO} \1",)


def test_a_secret_that_is_not_set_is_named() -> None:
    with pytest.raises(SecretError, match="TWO is not set"):
        fill(("${secret:ONE}${secret:TWO}",), {"ONE": "1"})


@pytest.mark.parametrize(
    "value", ["${secret:}", "${secret:lower}", "${secret:A B}", "${secret:ONE", "${secret:A${secret:B}}", "${secret:"]
)
def test_a_reference_that_is_not_sound_is_refused(value: str) -> None:
    with pytest.raises(UsageError):
        names_in((value,))
    with pytest.raises(UsageError):
        fill((value,), {"ONE": "1"})
