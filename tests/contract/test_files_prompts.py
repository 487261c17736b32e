"""The prompts a person can start from their host's menu, in both protocol eras."""

from pathlib import Path

import mcp_types as types
import pytest
from mcp.shared.exceptions import MCPError

from tests.support.server_client import WAYS, Way, connected

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("way", WAYS, ids=str)
async def test_prompts_name_the_folder_and_forbid_changes(tmp_path: Path, way: Way) -> None:
    async with connected("files", "--root", tmp_path, **way._asdict()) as files:
        listed = (await files.client.list_prompts()).prompts
        assert [prompt.name for prompt in listed] == ["summarise_folder", "tidy_folder"]
        for prompt in listed:
            (message,) = (await files.client.get_prompt(prompt.name, {"path": str(tmp_path)})).messages
            assert isinstance(message.content, types.TextContent)
            assert str(tmp_path) in message.content.text
            assert "hange nothing" in message.content.text


@pytest.mark.parametrize("way", WAYS, ids=str)
async def test_a_prompt_for_a_folder_outside_is_refused(tmp_path: Path, way: Way) -> None:
    async with connected("files", "--root", tmp_path, **way._asdict()) as files:
        for name, arguments in (("tidy_folder", {"path": "/etc"}), ("tidy_folder", {}), ("other", {"path": "/etc"})):
            with pytest.raises(MCPError) as error:
                await files.client.get_prompt(name, arguments)
            assert error.value.code == types.INVALID_PARAMS
