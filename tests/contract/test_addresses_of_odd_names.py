"""Addresses whose names are bytes and no text, as any client can send them: an answer, and a server that lives on."""

import sys
from pathlib import Path

import anyio
import mcp_types as types
import pytest
from mcp.shared.exceptions import MCPError

from tests.support.code_server import write
from tests.support.server_client import ERAS, Era, connected

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(sys.platform != "linux", reason="such names cannot be made everywhere"),
]

DEADLINE_S = 30


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize(("server", "begin"), [("code", "code://outline"), ("files", "file://")])
async def test_an_address_that_is_no_text_ends_no_server(tmp_path: Path, server: str, begin: str, era: Era) -> None:
    write(tmp_path, {"caf\udce9.py": "def get(): pass\n"})
    async with connected(server, "--root", tmp_path, "--state-dir", tmp_path / "state", era=era) as client:
        with anyio.fail_after(DEADLINE_S):
            for missing in ("%ff.py", "caf%e9.py/deeper"):
                with pytest.raises(MCPError) as error:
                    await client.client.read_resource(f"{begin}{tmp_path}/{missing}")
                assert error.value.error.code == types.INVALID_PARAMS
            (contents,) = (await client.client.read_resource(f"{begin}{tmp_path}/caf%e9.py")).contents
    assert isinstance(contents, types.TextResourceContents)
    assert "def get()" in contents.text
