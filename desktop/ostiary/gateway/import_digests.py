"""Digests of the secrets that an import put into the keyring. Pure.

They tell later whether a value is still the one that was brought in, and give it back to nobody: each has a salt of its
own and takes some hundredths of a second to make, so a short value cannot be tried out against what is kept.
"""

import hashlib
import hmac
import os

_ROUNDS = 100_000
"""Of PBKDF2, which every build of Python has."""
_SALT_BYTES = 16


def digested(value: str) -> str:
    """Gives what may be kept of a value; another text each time."""
    salt = os.urandom(_SALT_BYTES)
    return f"{salt.hex()}:{_digest(value, salt)}"


def is_same(value: str, kept: str) -> bool:
    """Says whether ``kept`` was made of this value. What cannot be understood was not."""
    try:
        salt = bytes.fromhex(kept.partition(":")[0])
    except ValueError:
        return False
    return hmac.compare_digest(f"{salt.hex()}:{_digest(value, salt)}", kept)


def _digest(value: str, salt: bytes) -> str:
    return hashlib.pbkdf2_hmac("sha256", value.encode(errors="surrogatepass"), salt, _ROUNDS).hex()
