"""The bundled servers and the gateway call the same paths sensitive."""

import pytest

from ostiary.gateway.policy import sensitive as policy
from ostiary_servers.common import sensitive

FOLDERS = [*sorted(sensitive.FOLDERS), *("/".join(chain) for chain in sensitive.FOLDER_CHAINS), "Google\\Chrome"]
FILES = [
    "a.pem",
    "A.KEY",
    "id_rsa",
    "id_rsa.pub",
    ".env",
    ".env.local",
    ".env.example",
    "environment",
    ".netrc",
    "x.txt",
]


@pytest.mark.parametrize("path", [f"/home/a/{folder}/x" for folder in FOLDERS] + [f"/home/a/{file}" for file in FILES])
def test_both_judge_a_path_alike(path: str) -> None:
    assert sensitive.is_sensitive(path) == policy.is_sensitive(path)


def test_both_lists_name_the_same() -> None:
    assert set(policy._FOLDERS) == sensitive.FOLDERS
    assert frozenset(sensitive.FOLDER_CHAINS) == policy._FOLDER_CHAINS
    assert policy._FILES == sensitive.FILES
    assert policy._PUBLIC == sensitive.PUBLIC
