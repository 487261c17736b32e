"""What the gateway's process does without OpenSSL, each time in an interpreter of its own."""

import hashlib
import hmac
import subprocess
import sys
from importlib.util import find_spec

import pytest

OWN_HASHES = all(map(find_spec, ("_md5", "_sha1", "_sha3", "_blake2")))
TIMEOUT_S = 60

needs_own_hashes = pytest.mark.skipif(not OWN_HASHES, reason="this Python has no hash functions but OpenSSL's")


def said_by(code: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys\n{code}"],
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


LOADED = """
from ostiary.gateway.without_openssl import without_openssl
with without_openssl():
    import asyncio, hashlib, hmac
"""


def test_hashes_and_proofs_are_the_same_as_with_openssl() -> None:
    code = f"{LOADED}\nprint(hashlib.sha256(b'told').hexdigest(), hmac.digest(b'key', b'told', 'sha256').hex())"

    expected = (hashlib.sha256(b"told").hexdigest(), hmac.digest(b"key", b"told", "sha256").hex())
    assert tuple(said_by(code).split()) == expected


@needs_own_hashes
def test_neither_asyncio_nor_hashes_load_openssl_in_it() -> None:
    assert said_by(f"{LOADED}\nprint(*sys.modules.keys() & {{'ssl', '_ssl', '_hashlib'}})") == ""


def test_what_asks_for_openssl_afterwards_finds_it() -> None:
    assert said_by(f"{LOADED}\nimport ssl, _hashlib\nprint(ssl.create_default_context().check_hostname)") == "True"


def test_openssl_is_loaded_where_python_has_no_hashes_of_its_own() -> None:
    without_sha3 = "sys.modules['_sha3'] = None"  # as Python is built for distributions that trust OpenSSL alone

    assert said_by(f"{without_sha3}\n{LOADED}\nprint('_hashlib' in sys.modules, 'ssl' in sys.modules)") == "True True"
