"""From a frozen dataclass to a command line and back, so that no option is spelt twice."""

import argparse
import dataclasses
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from models.errors import InvalidInput

Settings = TypeVar("Settings")
REQUIRED = dataclasses.MISSING


def setting(
    default: Any, help: str, *, least: float | None = None, most: float | None = None, first: bool = False
) -> Any:
    """A field of a settings dataclass: default (REQUIRED for none), help with the unit, and accepted range.

    With `first` it is given without its name, straight after the command.
    """
    return dataclasses.field(default=default, metadata={"help": help, "least": least, "most": most, "first": first})


def add_options(parser: argparse.ArgumentParser, settings_class: type) -> None:
    """One option per field: `learning_rate: float` becomes `--learning-rate`."""
    hints = get_type_hints(settings_class)
    for field in dataclasses.fields(settings_class):
        kind, required = hints[field.name], field.default is REQUIRED
        if type(None) in get_args(kind):  # optional: X | None
            kind = next(choice for choice in get_args(kind) if choice is not type(None))
        text = field.metadata["help"].replace("%", "%%")
        text += "" if required or field.default in ("", None) or kind is bool else " (default: %(default)s)"
        name = "--" + field.name.replace("_", "-")
        if field.metadata["first"]:
            parser.add_argument(field.name, type=kind, metavar=field.name.upper(), help=text)
        elif kind is bool:
            parser.add_argument(name, action="store_true", help=text)
        elif get_origin(kind) is Literal:
            choices = get_args(kind)
            parser.add_argument(name, choices=choices, default=field.default, help=text)
        else:
            default = None if required else field.default
            metavar = {int: "N", float: "X", str: "TEXT", Path: "PATH"}[kind]
            parser.add_argument(name, type=kind, required=required, default=default, metavar=metavar, help=text)


def from_options(settings_class: type[Settings], options: argparse.Namespace) -> Settings:
    """The settings that were given. Raises InvalidInput for a number out of its range."""
    fields = dataclasses.fields(settings_class)  # type: ignore[arg-type]
    settings = settings_class(**{field.name: getattr(options, field.name) for field in fields})
    check_ranges(settings)
    return settings


def check_ranges(settings: Any) -> None:
    """Raises InvalidInput, naming the option, for a number out of its range."""
    for field in dataclasses.fields(settings):
        value, least, most = getattr(settings, field.name), field.metadata.get("least"), field.metadata.get("most")
        if value is None:
            continue
        if (least is not None and not value >= least) or (most is not None and not value <= most):
            accepted = f"at least {least:g}" if most is None else f"from {least:g} to {most:g}"
            raise InvalidInput(f"--{field.name.replace('_', '-')} is {value}; it has to be {accepted}.")
