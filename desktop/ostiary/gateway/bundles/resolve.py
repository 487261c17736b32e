"""The command and environment of a bundle's server on this machine, with the person's answers in place. Pure.

A variable that we do not know is refused, ``${secret:…}`` of a stranger among them: it would read the person's keyring.
A platform's environment stands in place of the common one, as in the reference (mcpb ``src/shared/config.ts``). That
leaves a variable as it is written where there is no answer, or several in the middle of a text; here the first is empty
and the others are parted by commas. What the schema leaves open: a relative path that is a file of the bundle is made
absolute; ``python`` is ``python3`` where that is its name (PEP 394).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from ostiary.domain.host_import import AnswerKind, Wanted
from ostiary.gateway.bundles.manifest import Config, Kind, Manifest, Option
from ostiary.gateway.bundles.refusal import refusal

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_ANSWER = "user_config."


@dataclass(frozen=True, slots=True)
class Machine:
    """Where it is to run: ``sys.platform``, the home folder, and where the bundle will be unpacked, as full paths."""

    platform: str
    home: str
    folder: str

    @property
    def separator(self) -> str:
        return "\\" if self.platform == "win32" else "/"

    def variables(self) -> dict[str, str]:
        """What the schema names, but for the answers."""
        at_home = {name: self.home + self.separator + name.title() for name in ("DESKTOP", "DOCUMENTS", "DOWNLOADS")}
        separators = {"pathSeparator": self.separator, "/": self.separator}
        return {"__dirname": self.folder, "HOME": self.home, **at_home, **separators}


@dataclass(frozen=True, slots=True)
class Resolved:
    """What would be started. ``secrets`` are the sensitive answers; ``missing`` the titles of what must be answered."""

    command: tuple[str, ...]
    environment: Mapping[str, str]
    secrets: frozenset[str]
    missing: tuple[str, ...] = ()
    programs: frozenset[str] = field(default_factory=frozenset)
    """Names of files of the bundle that are started themselves."""


def wanted(manifest: Manifest, machine: Machine) -> tuple[Wanted, ...]:
    """What the person is asked for, with defaults filled in."""
    return tuple(
        Wanted(
            key=key,
            title=option.title,
            description=option.description,
            kind=option.type,
            required=option.required,
            sensitive=option.sensitive,
            multiple=option.multiple,
            default="\n".join(_defaults(option, machine)),
        )
        for key, option in manifest.user_config.items()
    )


def resolved(manifest: Manifest, files: Collection[str], machine: Machine, answers: Mapping[str, str]) -> Resolved:
    """Decides the command. Raises ``UsageError`` for a platform it is not made for, a variable or an answer that is
    not understood.
    """
    platforms = manifest.compatibility.platforms
    if platforms and machine.platform not in platforms:
        raise refusal(f"It is made for {', '.join(platforms)}, and this computer is {machine.platform}.")
    unknown = set(answers) - set(manifest.user_config)
    if unknown:
        raise refusal(f"It does not ask for {', '.join(sorted(unknown))}.")
    values = {key: _values(option, answers.get(key), machine) for key, option in manifest.user_config.items()}
    config = _config(manifest, machine)
    program, own = _program(config.command, manifest.server.type, files, machine)
    arguments = [text for part in config.args for text in _expanded(part, values, machine)]
    return Resolved(
        command=(program, *(_absolute(text, files, machine) for text in arguments)),
        environment={name: ",".join(_expanded(text, values, machine)) for name, text in config.env.items()},
        secrets=frozenset(
            value for key, option in manifest.user_config.items() if option.sensitive for value in values[key] if value
        ),
        missing=tuple(
            option.title for key, option in manifest.user_config.items() if option.required and not any(values[key])
        ),
        programs=frozenset([own] if own else []),
    )


def _config(manifest: Manifest, machine: Machine) -> Config:
    config, server = manifest.server.mcp_config, manifest.server
    if config is None:
        return Config(command="uv", args=("run", "--directory", "${__dirname}", server.entry_point))
    other = config.platform_overrides.get(machine.platform)
    if other is None:
        return config
    return Config(
        command=config.command if other.command is None else other.command,
        args=config.args if other.args is None else other.args,
        env=config.env if other.env is None else other.env,
    )


def _program(command: str, kind: Kind, files: Collection[str], machine: Machine) -> tuple[str, str]:
    """Gives the program, and its name in the bundle where it is one of its files."""
    inside = command.removeprefix("${__dirname}/").removeprefix("./")
    for name in (inside, f"{inside}.exe") if machine.platform == "win32" else (inside,):
        if name in files:
            return _joined(machine, name), name
    (program,) = _expanded(command, {}, machine)
    if kind is Kind.PYTHON and program == "python" and machine.platform != "win32":
        return "python3", ""
    if not program or (not _is_absolute(program) and ("/" in program or "\\" in program)):
        raise refusal(f"Its program “{program}” is not in it.")
    return program, ""


def _absolute(text: str, files: Collection[str], machine: Machine) -> str:
    inside = text.removeprefix("./")
    return _joined(machine, inside) if inside in files else text


def _joined(machine: Machine, name: str) -> str:
    return machine.separator.join([machine.folder, *name.split("/")])


def _is_absolute(path: str) -> bool:
    return path.startswith(("/", "\\\\")) or re.match(r"[A-Za-z]:[\\/]", path) is not None


def _expanded(text: str, values: Mapping[str, tuple[str, ...]], machine: Machine) -> tuple[str, ...]:
    """Fills variables in. A text that is one answer alone becomes as many texts as that has values."""
    whole = _VARIABLE.fullmatch(text)
    if whole is not None and whole[1].startswith(_ANSWER):
        return _answer(whole[1], values)
    known = machine.variables()

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name.startswith(_ANSWER):
            return ",".join(_answer(name, values))
        if name not in known:
            raise refusal(f"It uses a variable that is not one of a bundle's: {name}.")
        return known[name]

    return (_checked_made(_VARIABLE.sub(value, _checked(text))),)


def _answer(name: str, values: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    key = name.removeprefix(_ANSWER)
    if key not in values:
        raise refusal(f"It uses the value {key}, and does not ask for it.")
    return values[key]


def _checked(text: str) -> str:
    if text.count("${") != len(_VARIABLE.findall(text)) or "\0" in text:
        raise refusal("Its command is not understood.")
    return text


def _checked_made(text: str) -> str:
    """What is made holds no reference: of a ``$`` and an answer behind it, one to a secret of the person's could be."""
    if "${" in text:
        raise refusal("Its command is not understood.")
    return text


def _defaults(option: Option, machine: Machine) -> tuple[str, ...]:
    match option.default:
        case None:
            return ()
        case bool():
            return ("true" if option.default else "false",)
        case tuple():
            return tuple(text for part in option.default for text in _expanded(part, {}, machine))
        case _:
            return _expanded(str(option.default), {}, machine)


def _values(option: Option, answer: str | None, machine: Machine) -> tuple[str, ...]:
    if answer is None:
        found = _defaults(option, machine)
    else:
        found = tuple(line for line in answer.split("\n") if line) if option.multiple else (answer,)
    for text in found:
        fault = _fault(option, text)
        if fault:
            raise refusal(f"The value of “{option.title}” {fault}.")
    return found or (() if option.multiple else ("",))


_CHECKS: Mapping[AnswerKind, Callable[[str], bool]] = {
    AnswerKind.BOOLEAN: lambda text: text in ("true", "false"),
    AnswerKind.DIRECTORY: _is_absolute,
    AnswerKind.FILE: _is_absolute,
}


def _fault(option: Option, text: str) -> str:
    if not text:
        return ""
    if "${" in text or "\0" in text:
        return "cannot hold “${”"
    if option.type is AnswerKind.NUMBER:
        return _number_fault(option, text)
    fits = _CHECKS.get(option.type)
    if fits is not None and not fits(text):
        return "has to be true or false" if option.type is AnswerKind.BOOLEAN else "has to be a full path"
    return ""


def _number_fault(option: Option, text: str) -> str:
    if re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", text) is None:
        return "has to be a number"
    number = float(text)
    if (option.min is not None and number < option.min) or (option.max is not None and number > option.max):
        return (
            f"has to be from {option.min:g} to {option.max:g}"
            if None not in (option.min, option.max)
            else "is out of its range"
        )
    return ""
