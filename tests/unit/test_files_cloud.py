"""A file that is only there by name is told from one that is there, by the marks of its system."""

import pytest

from ostiary_servers.common.cloud import (
    FILE_ATTRIBUTE_RECALL_ON_DATA_ACCESS,
    FILE_ATTRIBUTE_RECALL_ON_OPEN,
    SF_DATALESS,
    is_placeholder,
)

FILE_ATTRIBUTE_ARCHIVE = 0x20
UF_HIDDEN = 0x8000


@pytest.mark.parametrize(
    ("flags", "attributes", "elsewhere"),
    [
        (0, 0, False),
        (UF_HIDDEN, FILE_ATTRIBUTE_ARCHIVE, False),
        (SF_DATALESS | UF_HIDDEN, 0, True),
        (0, FILE_ATTRIBUTE_RECALL_ON_DATA_ACCESS | FILE_ATTRIBUTE_ARCHIVE, True),
        (0, FILE_ATTRIBUTE_RECALL_ON_OPEN, True),
    ],
)
def test_the_marks_of_macos_and_windows_are_known(flags: int, attributes: int, elsewhere: bool) -> None:
    assert is_placeholder(flags, attributes) == elsewhere
