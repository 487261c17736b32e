"""What each tool of the ``code`` server is called with. Names are fixed, and snake_case as they were published."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from ostiary_servers.common.wire import Wire


class SnakeWire(Wire):
    """Arguments whose names on the wire are those here."""

    model_config = ConfigDict(alias_generator=lambda name: name)


FilePath = Annotated[
    str, Field(min_length=1, max_length=4096, description="Absolute path, or relative to the only approved repository.")
]
ScopePath = Annotated[
    str | None,
    Field(max_length=4096, description="A repository, or a folder in one; needed only when several are approved."),
]
Cursor = Annotated[str | None, Field(description="next_cursor of the previous answer, to go on where it ended.")]
DefinitionKind = Literal[
    "function", "method", "class", "struct", "interface", "trait", "enum", "type", "module", "macro"
]


class SearchForFunctionDefinition(SnakeWire):
    """``function_name`` may be a name, ``Class.method``, ``package.function`` or a glob of any of them."""

    function_name: Annotated[
        str,
        Field(
            min_length=1,
            max_length=300,
            pattern=r"^[^\x00]*$",
            description="Exact name (parse_args), Class.method, package.function, or a glob (test_*). Case counts.",
        ),
    ]
    path: ScopePath = None
    kind: Annotated[DefinitionKind | None, Field(description="Only definitions of this kind.")] = None
    limit: Annotated[int, Field(ge=1, le=100, description="At most this many definitions in one answer.")] = 10
    cursor: Cursor = None


class GetRecentCommitActivity(SnakeWire):
    """``days`` before now, by the date of the commit."""

    file_path: Annotated[
        str | None,
        Field(
            max_length=4096,
            description="A file (its renames are followed), a folder or a repository; default: the only one.",
        ),
    ] = None
    days: Annotated[int, Field(ge=1, le=3650, description="How many days back from now.")] = 7


class SummarizeFilePurpose(SnakeWire):
    """One file."""

    file_path: FilePath


class AnalyzeDependencyTree(SnakeWire):
    """All manifests and lock files of a repository or of one folder."""

    path: ScopePath = None
    ecosystem: Annotated[
        Literal["python", "javascript", "rust", "go"] | None,
        Field(description="Only this one; default: all that are found."),
    ] = None
    depth: Annotated[int, Field(ge=1, le=20, description="Levels of the tree that are written out.")] = 3
    include_dev: Annotated[bool, Field(description="Also what only development and tests need.")] = False
    package: Annotated[
        str | None, Field(max_length=300, description="Why is this package here? Gives every shortest way to it.")
    ] = None
