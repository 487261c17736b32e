"""How git is run on a repository that anybody may have prepared: with nothing that the repository can set in motion.

A repository's own configuration can name programs (fsmonitor, hooks, pagers, filters, external diff, textconv, ssh,
credentials, gpg) and can make a missing object be fetched. Each is switched off here, on the command line, which git
obeys before any file; the environment is empty but for what is below. The person's own configuration is not read.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ostiary_servers.code.git.location import GitDirectory
from ostiary_servers.code.programs import Running, find_program, running
from ostiary_servers.code.repositories import Repository

TIMEOUT_S = 20.0

_SWITCHED_OFF = (
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    "core.pager=cat",
    "core.sshCommand=false",
    "core.askPass=",
    "core.alternateRefsCommand=",
    "core.gitProxy=",
    "core.untrackedCache=false",
    "credential.helper=",
    "credential.interactive=false",
    "diff.external=",
    "gc.auto=0",
    "gpg.program=false",
    "gpg.ssh.program=false",
    "gpg.x509.program=false",
    "log.showSignature=false",
    "log.showRoot=true",
    "log.follow=false",
    f"mailmap.file={os.devnull}",
    "mailmap.blob=",
    f"diff.orderFile={os.devnull}",
    "maintenance.auto=false",
    "protocol.allow=never",
    "submodule.recurse=false",
)

_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_PAGER": "cat",
    "GIT_TERMINAL_PROMPT": "0",
    "HOME": os.devnull,
}


def has_git() -> bool:
    """Whether git is installed."""
    return find_program("git") is not None


@contextmanager
def run_git(repository: Repository, place: GitDirectory, arguments: Sequence[str]) -> Iterator[Running]:
    """One git command that only reads; its messages are in English. It ends with the block, or after ``TIMEOUT_S``."""
    git = find_program("git")
    assert git is not None
    switches = [part for setting in _SWITCHED_OFF for part in ("-c", setting)]
    where = [f"--git-dir={place.directory}", *([] if place.bare else [f"--work-tree={repository.real}"])]
    command = [git, "--no-pager", "--no-optional-locks", "--literal-pathspecs", *switches, *where, *arguments]
    with running(command, repository.real, _ENVIRONMENT, TIMEOUT_S) as output:
        yield output
