"""A host's request as it goes on: what was decoded of it, and that nothing else than that is sent."""

from __future__ import annotations

import msgspec
import pytest
from msgspec import UNSET, Raw

from ostiary.gateway.asking import Asked, read_meta
from ostiary.gateway.wire import methods
from ostiary.gateway.wire.envelope import Request


def request(params: bytes) -> Request:
    return Request(b"1", 1, methods.CALL_TOOL, params)


@pytest.mark.parametrize("name", [b'"_meta"', b'"\\u005fmeta"', b'"_m\\u0065ta"'])
def test_a_meta_is_found_however_its_name_is_written(name: bytes) -> None:
    version = b'{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}'
    assert read_meta(request(b'{"name":"a",%b:%b}' % (name, version))).version == "2026-07-28"


def test_parameters_without_a_meta_have_none() -> None:
    assert read_meta(request(b'{"name":"_meta","arguments":{"meta":1}}')).version is UNSET


def test_other_arguments_than_the_host_gave_are_encoded_from_what_they_are_now() -> None:
    given = {"path": "a"}
    asked = Asked("tools/call", {"arguments": given}, False, None, 0, None, arguments=(given, b'{"path":"a"}'))
    assert asked.encoded == {"arguments": Raw(b'{"path":"a"}')}

    meant = msgspec.structs.replace(asked, params={"name": "b", "arguments": {"path": "b"}})

    assert meant.encoded == {"name": "b", "arguments": Raw(b'{"path":"b"}')}
