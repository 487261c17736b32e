"""In place of a gateway that is not up yet: answers the first requests from what the last one wrote down.

Claude Code and Codex drop the tools of a server that takes longer than one or two seconds. Whatever is not answered
for certain is kept as it came and handed to the gateway, and nothing behind it is read: so order is kept.
"""

import json

from ostiary_connect.ids import Verbatim, raw_id
from ostiary_connect.private_file import read_private

FORMAT = 2
SIZE_LIMIT_BYTES = 16 * 1024 * 1024
KEPT_BYTES = 16 * 1024
"""What is read and not answered fits into the greeting, base64 included."""

LINE_LIMIT_BYTES = 8 * 1024
MODERN = "2026-07-28"
LISTS_SINCE = "2025-06-18"
"""Hosts of older revisions get lists in a form of their own, which the gateway makes."""

PROTOCOL_VERSION_KEY = "io.modelcontextprotocol/protocolVersion"
CLIENT_INFO_KEY = "io.modelcontextprotocol/clientInfo"
CLIENT_CAPABILITIES_KEY = "io.modelcontextprotocol/clientCapabilities"


class StandIn:
    """Made from the file's content. ``is_needed`` is false once only the gateway can go on."""

    def __init__(self, content: bytes, host: str | None = None) -> None:
        """ValueError or LookupError when the file cannot be used, at all or for this host."""
        answers = json.loads(content)
        if answers["format"] != FORMAT:
            raise ValueError("another version of Ostiary wrote it")
        if host in answers["narrowed"]:
            raise LookupError(host)
        self._legacy: dict[str, str] = answers["legacy"]
        self._modern: dict[str, str] = answers["modern"]
        self._initialize: dict[str, str] = answers["initialize"]
        self._tag: str = answers["tag"]
        self._conversation: dict[str, object] = {}
        self.unread = b""
        self.is_needed = True

    @property
    def note(self) -> str | None:
        """What the gateway has to know; None when nothing was read."""
        if not self._conversation and not self.unread:
            return None
        import binascii

        unread = binascii.b2a_base64(self.unread, newline=False).decode()
        return json.dumps({"conversation": self._conversation, "unread": unread, "catalogue": self._tag})

    def hear(self, said: bytes) -> bytes:
        """Take what the host says; gives the answers to it."""
        self.unread += said
        answered = b""
        while self.is_needed and b"\n" in self.unread:
            line, rest = self.unread.split(b"\n", 1)
            answer = self._answer(line)
            if answer is None:
                self.is_needed = False
            else:
                answered += answer
                self.unread = rest
        self.is_needed = self.is_needed and len(self.unread) < LINE_LIMIT_BYTES
        return answered

    def _answer(self, line: bytes) -> bytes | None:
        """The line with the answer, empty where none is wanted, None where the gateway has to see it."""
        if len(line) > LINE_LIMIT_BYTES:
            return None
        try:
            text = line.decode()
            message, plain = json.loads(text, parse_int=Verbatim, parse_float=Verbatim), json.loads(text)
        except (ValueError, RecursionError):
            return None
        match message:
            case {"jsonrpc": "2.0", "method": "notifications/initialized", **rest} if "id" not in rest:
                return self._initialized()
            case {"jsonrpc": "2.0", "method": str(method), "id": asked}:
                identity, params = raw_id(asked) or "", plain.get("params", {})
                is_id = identity[:1] == '"' or identity.lstrip("-").isdigit()
                result = self._result(method, params) if is_id and isinstance(params, dict) else None
                return None if result is None else f'{{"jsonrpc":"2.0","id":{identity},"result":{result}}}\n'.encode()
        return None

    def _initialized(self) -> bytes | None:
        if "legacy_version" not in self._conversation:
            return None
        self._conversation["initialized"] = True
        return b""

    def _result(self, method: str, params: dict[str, object]) -> str | None:
        meta = params.get("_meta", {})
        if not isinstance(meta, dict):
            return None
        if PROTOCOL_VERSION_KEY not in meta:
            return self._legacy_result(method, params)
        if meta[PROTOCOL_VERSION_KEY] != MODERN or not isinstance(meta.get(CLIENT_CAPABILITIES_KEY), dict):
            return None
        if method in self._modern:
            self._note_modern(method, meta.get(CLIENT_INFO_KEY))
        return self._modern.get(method)

    def _note_modern(self, method: str, client_info: object) -> None:
        self._conversation.setdefault("is_open", False)
        if not self._conversation.get("modern_seen"):
            self._conversation["modern_seen"] = True
            self._note_client(client_info)
        if method in self._legacy:
            self._conversation["is_open"] = True

    def _legacy_result(self, method: str, params: dict[str, object]) -> str | None:
        if method == "initialize":
            return self._shake_hands(params)
        if method == "ping" or str(self._conversation.get("legacy_version", "")) >= LISTS_SINCE:
            return self._legacy.get(method)
        return None

    def _shake_hands(self, params: dict[str, object]) -> str | None:
        wanted, capabilities = params.get("protocolVersion"), params.get("capabilities", {})
        if not isinstance(wanted, str) or not isinstance(capabilities, dict):
            return None
        version = wanted if wanted in self._initialize else next(iter(self._initialize))
        self._conversation.update(legacy_version=version, capabilities=capabilities, is_open=True)
        self._note_client(params.get("clientInfo"))
        return self._initialize[version]

    def _note_client(self, client_info: object) -> None:
        if isinstance(client_info, dict):
            self._conversation["client_info"] = client_info


def stand_in_from(path: str, host: str | None) -> StandIn | None:
    """One that answers from the file at ``path``; None without a file that can be used for this host: it waits."""
    try:
        return StandIn(read_private(path, SIZE_LIMIT_BYTES), host)
    except (OSError, ValueError, LookupError, TypeError):
        return None
