"""The ``code`` server as a program: its lists, resources, prompts, subscriptions, cancellation and weight."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import anyio
import mcp_types as types
import pytest
from mcp.client.subscriptions import ResourceUpdated
from mcp.shared.exceptions import MCPError

from tests.support.code_server import code as code
from tests.support.code_server import commit, new_repository
from tests.support.server_client import ServerClient, connected, server_transport
from tests.support.subscriber import subscriber

pytestmark = pytest.mark.anyio

TOOLS = [
    "summarize_file_purpose",
    "search_for_function_definition",
    "analyze_dependency_tree",
    "get_recent_commit_activity",
]
FILES = {
    "app.py": "import os\n\n\ndef go():\n    return 1\n",
    "requirements.txt": "a==1.0\n",
    "bomb.py": "\n".join("(" * 400 for _ in range(500)),
}
DEADLINE_S = 20


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = new_repository(tmp_path_factory.mktemp("code") / "my app")
    commit(folder, "one", FILES)
    return folder


async def text_at(code: ServerClient, uri: str) -> str:
    (contents,) = (await code.client.read_resource(uri)).contents
    assert isinstance(contents, types.TextResourceContents)
    return contents.text


async def test_there_are_exactly_four_tools_and_each_is_described(code: ServerClient) -> None:
    tools = (await code.client.list_tools()).tools
    assert [tool.name for tool in tools] == TOOLS
    for tool in tools:
        assert tool.description is not None
        assert 200 < len(tool.description) < 700
        assert all(word in tool.description for word in ("Use it", "Returns", "Example: {"))
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint
        example = json.loads(tool.description.split("Example: ")[1].split("}")[0] + "}")
        assert set(example) <= set(tool.input_schema["properties"])
    assert sum(len(tool.model_dump_json()) for tool in tools) < 24_000


async def test_every_tool_answers_within_its_own_schema(code: ServerClient) -> None:
    await code.succeed("summarize_file_purpose", file_path="app.py")
    await code.succeed("search_for_function_definition", function_name="go")
    await code.succeed("analyze_dependency_tree")
    await code.succeed("get_recent_commit_activity", days=30)


async def test_resources_give_outline_block_dependencies_and_index(code: ServerClient, repository: Path) -> None:
    listed = {str(each.uri) for each in (await code.client.list_resources()).resources}
    escaped = str(repository).replace(" ", "%20")
    assert listed == {f"code://dependencies{escaped}", f"code://index{escaped}"}
    assert "4-5: function go  def go()" in await text_at(code, f"code://outline{escaped}/app.py")
    assert await text_at(code, f"code://block/4-5{escaped}/app.py") == "def go():\n    return 1"
    (edge,) = json.loads(await text_at(code, f"code://dependencies{escaped}"))
    assert (edge["to"], edge["spec"]) == ("a", "==1.0")
    assert json.loads(await text_at(code, f"code://index{escaped}"))["source_files"] == 2


@pytest.mark.parametrize(
    "uri",
    [
        "code://outline/etc/passwd",
        "code://block/x/etc",
        "code://other/a",
        "file:///etc/passwd",
        "code://block/0-4{app}",
        "code://block/4-1{app}",
    ],
)
async def test_what_cannot_be_read_is_invalid(code: ServerClient, repository: Path, uri: str) -> None:
    app = f"{repository}/app.py".replace(" ", "%20")
    with pytest.raises(MCPError) as error:
        await code.client.read_resource(uri.replace("{app}", app))
    assert error.value.error.code == types.INVALID_PARAMS


async def test_prompts_name_the_path_and_tools_that_exist(code: ServerClient) -> None:
    prompts = (await code.client.list_prompts()).prompts
    assert [prompt.name for prompt in prompts] == ["onboard_me", "explain_file", "upgrade_plan"]
    for prompt in prompts:
        (message,) = (await code.client.get_prompt(prompt.name, {"path": "/x"})).messages
        assert isinstance(message.content, types.TextContent)
        assert "/x" in message.content.text
        assert any(tool in message.content.text for tool in TOOLS)
    with pytest.raises(MCPError):
        await code.client.get_prompt("onboard_me", {})


async def test_a_listening_client_hears_that_the_index_has_grown(tmp_path: Path) -> None:
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "a.py").write_text("def f(): pass\n")
    uri = f"code://index{folder}"
    async with connected("code", "--root", folder, "--state-dir", tmp_path / "state") as code:
        with anyio.fail_after(DEADLINE_S):
            async with code.client.listen(resource_subscriptions=[uri]) as heard:
                await code.succeed("search_for_function_definition", function_name="f")
                assert await anext(heard) == ResourceUpdated(uri)
        assert json.loads(await text_at(code, uri)) == {"source_files": 1, "indexed": 1}


@pytest.mark.parametrize("what", ["outline", "dependencies"])
async def test_a_listening_client_hears_of_what_changed(tmp_path: Path, what: str) -> None:
    file = tmp_path / "pyproject.toml" if what == "dependencies" else tmp_path / "a.py"
    file.write_text("")
    uri = f"code://{what}{tmp_path if what == 'dependencies' else file}"
    async with connected("code", "--root", tmp_path, "--state-dir", tmp_path / "state") as code:
        with anyio.fail_after(DEADLINE_S):
            async with code.client.listen(resource_subscriptions=[uri]) as heard:
                file.write_text("x = 1\n")
                assert await anext(heard) == ResourceUpdated(uri)


async def test_a_subscribed_client_of_the_older_era_hears_too(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def f(): pass\n")
    uri = f"code://outline{tmp_path}/a.py"
    async with subscriber(server_transport("code", "--root", tmp_path, "--state-dir", tmp_path / "state")) as opened:
        client, heard = opened
        await client.subscribe_resource(uri)
        (tmp_path / "a.py").write_text("def g(): pass  # longer\n")
        with anyio.fail_after(DEADLINE_S):
            assert await heard.receive() == uri
        with pytest.raises(MCPError):
            await client.subscribe_resource("code://outline/etc/passwd")


async def test_other_calls_are_answered_while_one_is_busy(code: ServerClient) -> None:
    finished: list[str] = []

    async def ask(tool: str, **arguments: Any) -> None:
        await code.call(tool, **arguments)
        finished.append(tool)

    with anyio.fail_after(DEADLINE_S):
        async with anyio.create_task_group() as tasks:
            for _ in range(4):
                tasks.start_soon(lambda: ask("search_for_function_definition", function_name="*"))
                tasks.start_soon(lambda: ask("get_recent_commit_activity"))
    assert len(finished) == 8


async def test_a_folder_that_is_removed_while_the_server_runs_is_told(tmp_path: Path) -> None:
    folder = new_repository(tmp_path / "app")
    commit(folder, "one", FILES)
    async with connected("code", "--root", folder, "--state-dir", tmp_path / "state") as code:
        await code.succeed("search_for_function_definition", function_name="go")
        shutil.rmtree(folder)
        asked: dict[str, dict[str, Any]] = {TOOLS[0]: {"file_path": "app.py"}, TOOLS[1]: {"function_name": "go"}}
        for tool in TOOLS:
            error = await code.fail(tool, **asked.get(tool, {}))
            assert error["code"] == "not_found"
            assert "git" not in error["message"]


@pytest.mark.parametrize("home", ["empty", "no folder"])
async def test_a_server_from_a_hosts_own_file_needs_nothing_of_the_home_folder(tmp_path: Path, home: str) -> None:
    """No index can be kept in the second, and nothing is missing but time."""
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "a.py").write_text("def f(): pass\n")
    (tmp_path / "empty").mkdir()
    (tmp_path / "no folder").touch()
    environment = {"HOME": str(tmp_path / home), "XDG_CACHE_HOME": ""}
    async with connected("code", "--root", folder, environment=environment) as code:
        found = await code.succeed("search_for_function_definition", function_name="f")
    assert [each["name"] for each in found["definitions"]] == ["f"]


async def test_advisories_that_a_person_downloaded_are_used_in_place_of_ours(repository: Path, tmp_path: Path) -> None:
    affected = {"package": {"ecosystem": "PyPI", "name": "a"}, "versions": ["1.0"]}
    (tmp_path / "mine.json").write_text(json.dumps({"id": "MINE-1", "summary": "Leaks.", "affected": [affected]}))
    options = ("--state-dir", tmp_path / "state", "--advisories", tmp_path / "mine.json")
    async with connected("code", "--root", repository, *options) as code:
        found = await code.succeed("analyze_dependency_tree")
    assert [(each["package"], each["id"]) for each in found["vulnerabilities"]] == [("a", "MINE-1")]
    assert [each["name"] for each in found["advisories"]] == ["mine.json"]


def test_starting_loads_no_grammar_no_parser_of_formats_and_no_git() -> None:
    script = (
        "import sys, ostiary_servers.code.server\n"
        "heavy = ('tree_sitter', 'yaml', 'dulwich', 'semantic_version')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"
