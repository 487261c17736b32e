"""The base of everything that travels: arguments in, structured answers out.

One class gives the type, the check and the JSON Schema, so that these three cannot disagree. Names are camelCase on the
wire and snake_case here.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from ostiary_servers.common.errors import ErrorCode, ToolError


class Wire(BaseModel):
    """A frozen value with a JSON form.

    Strict: ``"10"`` is no number and ``1`` is no boolean. Unknown members are refused rather than ignored, because an
    option that was silently dropped would have meant something to whoever sent it.
    """

    model_config = ConfigDict(
        frozen=True,
        strict=True,
        extra="forbid",
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
    )

    @classmethod
    def parse(cls, arguments: Mapping[str, Any]) -> Self:
        """The value that ``arguments`` describe. Raises ToolError ``invalid_arguments`` naming what is wrong."""
        try:
            return cls.model_validate(dict(arguments), by_name=False, by_alias=True)
        except ValidationError as error:
            raise _invalid(error) from None

    @classmethod
    @cache
    def schema_of(cls, side: Literal["input", "output"]) -> dict[str, Any]:
        """JSON Schema 2020-12 of this shape, as it comes in or goes out."""
        return _lean(cls.model_json_schema(mode="validation" if side == "input" else "serialization"))

    def to_wire(self) -> dict[str, Any]:
        """The JSON object, as ``structuredContent`` carries it."""
        return self.model_dump(mode="json", by_alias=True)


def _invalid(error: ValidationError) -> ToolError:
    faults = "; ".join(
        f"{'.'.join(str(part) for part in fault['loc']) or 'arguments'}: {fault['msg']}"
        for fault in error.errors(include_url=False, include_context=False, include_input=False)
    )
    return ToolError(
        ErrorCode.INVALID_ARGUMENTS,
        f"The arguments are not valid: {faults}.",
        "Send arguments that fit the tool's input schema.",
    )


def _lean(schema: dict[str, Any]) -> dict[str, Any]:
    """Leaves out what tells a model nothing and costs it tokens.

    Pydantic titles every member after its own name, and describes each shape by its docstring, which is for us.
    """
    shape = "properties" in schema or "enum" in schema
    useless = {"title", "description"} if shape else {"title"}
    return {key: _leaned(value) for key, value in schema.items() if not (key in useless and isinstance(value, str))}


def _leaned(value: Any) -> Any:
    match value:
        case dict():
            return _lean(value)
        case list():
            return [_leaned(item) for item in value]
        case _:
            return value
