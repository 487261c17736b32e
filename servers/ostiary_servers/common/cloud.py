"""Files that are only there by name: their content is with a cloud service, and reading it would fetch it.

That can take minutes and the person's data volume, so it is never done unasked. Both marks are in a stat that fetches
nothing: SF_DATALESS of macOS (sys/stat.h) and the recall attributes of Windows (winnt.h). Pure.
"""

import os

from ostiary_servers.common.errors import ErrorCode, ToolError

SF_DATALESS = 0x4000_0000
FILE_ATTRIBUTE_OFFLINE = 0x1000
FILE_ATTRIBUTE_RECALL_ON_OPEN = 0x4_0000
FILE_ATTRIBUTE_RECALL_ON_DATA_ACCESS = 0x40_0000
_RECALLED = FILE_ATTRIBUTE_OFFLINE | FILE_ATTRIBUTE_RECALL_ON_OPEN | FILE_ATTRIBUTE_RECALL_ON_DATA_ACCESS


def is_placeholder(flags: int, attributes: int) -> bool:
    """Whether a file with these ``st_flags`` and ``st_file_attributes`` has its content elsewhere."""
    return bool(flags & SF_DATALESS or attributes & _RECALLED)


def is_placeholder_stat(found: os.stat_result) -> bool:
    """As ``is_placeholder``; systems without these marks have no such files."""
    return is_placeholder(getattr(found, "st_flags", 0), getattr(found, "st_file_attributes", 0))


def refuse_placeholder(found: os.stat_result, requested: str) -> None:
    """Raises ToolError ``cloud_placeholder`` for a file whose content would have to be fetched."""
    if is_placeholder_stat(found):
        raise ToolError(
            ErrorCode.CLOUD_PLACEHOLDER,
            f"The content of “{requested}” is in a cloud service and not on this computer.",
            "Ask the person to download it first; get_file_info still works.",
        )
