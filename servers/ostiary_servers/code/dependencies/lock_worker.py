"""The process that reads one large lock file: its bytes on stdin, and what is in it, as JSON, on stdout.

It opens no file and can be killed at any time. It leaves with 1 and a sentence for what is no such lock file.
"""

import sys

from ostiary_servers.code.dependencies.files import LOCK, text_in
from ostiary_servers.code.dependencies.formats import lock_format
from ostiary_servers.code.dependencies.model import FormatError

MEMORY_LIMIT_BYTES = 2 * 1024 * 1024 * 1024


def main(name: str) -> int:
    """Reads the lock file whose name, which tells the format, is this."""
    form = lock_format(name)
    assert form is not None
    _limit_memory()
    try:
        answer = LOCK.dump_json(form.parse(text_in(sys.stdin.fileno())))
    except FormatError as error:
        sys.stdout.write(str(error))
        return 1
    sys.stdout.buffer.write(answer)
    return 0


def _limit_memory() -> None:
    """What grows beyond ends here and takes nothing else with it; Windows has no such limit for a process itself."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
