"""The proof on a loopback port, where the kernel names no user: both sides show that they can read the key file.

The gateway sends a nonce; the shim answers with its own and a proof; the gateway answers with a proof. A proof is
an HMAC over side, port and both nonces, so none can be played back, mirrored or used at another port. The key
itself is never sent.
"""

import hmac
import json
import os

from ostiary_connect.private_file import read_private, write_private

NONCE_BYTES = 32
PROOF_BYTES = 32


def proof(key: bytes, side: str, port: int, gateway_nonce: bytes, shim_nonce: bytes) -> bytes:
    """What ``side`` ("gateway" or "shim") has to show."""
    return hmac.digest(key, f"ostiary {side} {port} ".encode() + gateway_nonce + shim_nonce, "sha256")


def check(shown: bytes, key: bytes, side: str, port: int, gateway_nonce: bytes, shim_nonce: bytes) -> None:
    """PermissionError unless ``side`` has shown the right proof."""
    if not hmac.compare_digest(shown, proof(key, side, port, gateway_nonce, shim_nonce)):
        raise PermissionError("It does not know the key")


def write_key(path: str, port: int) -> bytes:
    """Make a new key and write it down with its port."""
    key = os.urandom(32)
    write_private(path, json.dumps({"port": port, "key": key.hex()}).encode())
    return key


def read_key(path: str) -> tuple[int, bytes]:
    """Port and key. OSError when there is no such file of ours, ValueError when it does not hold both."""
    match json.loads(read_private(path)):
        case {"port": int(port), "key": str(key)}:
            return port, bytes.fromhex(key)
    raise ValueError(f"{path} holds no port and key")
