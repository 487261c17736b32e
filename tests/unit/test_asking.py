"""A host's request as it goes on: what was decoded of it, and that nothing else than that is sent."""

from __future__ import annotations

import msgspec
import pytest
from msgspec import UNSET, Raw

from ostiary.gateway.asking import Asked, RefusedRequestError, read_given
from ostiary.gateway.wire import methods
from ostiary.gateway.wire.messages import Request


def request(params: bytes) -> Request:
    return Request(b"1", 1, methods.CALL_TOOL, params)


@pytest.mark.parametrize("name", [b'"_meta"', b'"\\u005fmeta"', b'"_m\\u0065ta"'])
def test_a_meta_is_found_however_its_name_is_written(name: bytes) -> None:
    version = b'{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}'
    assert read_given(request(b'{"name":"a",%b:%b}' % (name, version))).meta.version == "2026-07-28"


def test_parameters_without_a_meta_have_none() -> None:
    assert read_given(request(b'{"name":"_meta","arguments":{"meta":1}}')).meta.version is UNSET


def test_other_arguments_than_the_host_gave_are_encoded_from_what_they_are_now() -> None:
    given = {"path": "a"}
    asked = Asked("tools/call", {"arguments": given}, False, None, 0, None, arguments=(given, b'{"path":"a"}'))
    assert asked.encoded == {"arguments": Raw(b'{"path":"a"}')}

    meant = msgspec.structs.replace(asked, params={"name": "b", "arguments": {"path": "b"}})

    assert meant.encoded == {"name": "b", "arguments": Raw(b'{"path":"b"}')}


@pytest.mark.parametrize("method", [methods.CALL_TOOL, methods.SET_LEVEL])
def test_a_meta_of_another_shape_is_refused(method: str) -> None:
    with pytest.raises(RefusedRequestError, match=r"params\._meta cannot be read"):
        read_given(Request(b"1", 1, method, b'{"_meta":5}'))


def test_what_goes_on_is_decoded_once_with_no_key_twice_and_the_rest_is_not() -> None:
    params = b'{"name":"a","arguments":{"b":1}}'
    assert read_given(request(params)).members == {"name": b'"a"', "arguments": b'{"b":1}'}
    assert read_given(Request(b"1", 1, methods.SET_LEVEL, params)).params == {}
    with pytest.raises(RefusedRequestError, match="twice"):
        read_given(request(b'{"name":"a","name":"b"}'))
