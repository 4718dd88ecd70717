"""Describe what an importable ``saleor`` package offers, as JSON.

Run in a process of its own, once beside the stand-in and once beside real Saleor:
both are called ``saleor``. Reads from stdin which names of which modules to describe
(``{module: [name, ...]}``) and whether the GraphQL schema too; writes to the file
named by the only argument, because Saleor logs to stdout.
"""

import dataclasses
import enum
import importlib
import inspect
import json
import sys
from pathlib import Path
from typing import Any, cast

import django

ABSENT = {"kind": "absent"}


def describe(module: str, name: str) -> dict[str, Any]:
    try:
        offered = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError):
        return ABSENT
    if inspect.isclass(offered):
        return {"kind": "class", **_describe_class(offered)}
    if callable(offered):
        return {"kind": "function", "parameters": _parameters(offered)}
    return {"kind": "constant", "value": _plain(offered)}


def _describe_class(offered: type) -> dict[str, Any]:
    from django.db import models

    if issubclass(offered, enum.Enum):
        return {"values": {member.name: member.value for member in offered}}
    description: dict[str, Any] = {
        "bases": sorted(
            base.__name__
            for base in offered.__mro__
            if issubclass(base, Exception | models.Model)
        ),
        "annotations": sorted(inspect.get_annotations(offered)),
        "methods": {},
        "constants": {},
        "attributes": [],
    }
    is_data = dataclasses.is_dataclass(offered)
    is_model = issubclass(offered, models.Model)
    for name, value in _members(offered):
        if is_data and name.startswith("__"):
            continue  # made by the decorator from the fields
        if isinstance(value, classmethod | staticmethod) or inspect.isfunction(value):
            function = getattr(value, "__func__", value)
            description["methods"][name] = _parameters(function)
        elif name.isupper() and _is_plain(value):
            description["constants"][name] = _plain(value)
        elif not is_data:
            description["attributes"].append(name)
    if is_data:
        description["dataclass_fields"] = {
            field.name: _has_default(field)
            for field in dataclasses.fields(cast(Any, offered))
        }
    if is_model:
        description["model_fields"] = {
            field.name: _describe_field(field)
            for field in cast(Any, offered)._meta.get_fields()
            if field.concrete
        }
    return description


def _members(offered: type) -> list[tuple[str, Any]]:
    """Return the class's own members, and those inherited within Saleor."""
    members: dict[str, Any] = {}
    for base in reversed(offered.__mro__):
        if base.__module__.startswith("saleor."):
            members |= vars(base)
    ignored = ("__module__", "__doc__", "__dict__", "__weakref__", "__annotations__")
    return [
        (name, value)
        for name, value in members.items()
        if name not in ignored
        and (not name.startswith("__") or name == "__init__")
        and f"_{offered.__name__}__" not in name
    ]


def _parameters(function: Any) -> list[dict[str, Any]]:
    """Return the parameters of a function, or of what its decorators wrap.

    Saleor's payment decorators keep the function in a variable ``fn``, and leave no
    trace of its signature.
    """
    function = inspect.unwrap(function)
    while inspect.isfunction(function) and function.__closure__:
        wrapped = inspect.getclosurevars(function).nonlocals.get("fn")
        if wrapped is None:
            break
        function = inspect.unwrap(wrapped)
    return [
        {
            "name": parameter.name,
            "kind": parameter.kind.name,
            "default": parameter.default is not parameter.empty,
        }
        for parameter in inspect.signature(function).parameters.values()
    ]


def _has_default(field: "dataclasses.Field[Any]") -> bool:
    return (
        field.default is not dataclasses.MISSING
        or field.default_factory is not dataclasses.MISSING
    )


def _describe_field(field: Any) -> dict[str, Any]:
    related = field.related_model
    on_delete = getattr(field.remote_field, "on_delete", None)
    return {
        "type": field.get_internal_type(),
        "null": field.null,
        "unique": field.unique,
        "primary_key": field.primary_key,
        "max_length": field.max_length,
        "decimal_places": getattr(field, "decimal_places", None),
        "default": field.has_default(),
        "related": related and related._meta.label,
        "related_name": getattr(field.remote_field, "related_name", None),
        "on_delete": on_delete and on_delete.__name__,
    }


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(
        value, str | int | list | tuple | set | frozenset
    )


def _plain(value: Any) -> Any:
    if isinstance(value, set | frozenset):
        return sorted(value)
    return value if _is_plain(value) else type(value).__name__


def main() -> None:
    wanted = json.load(sys.stdin)
    django.setup()
    schema = importlib.import_module(wanted["schema"]).schema
    description = {
        "names": {
            f"{module}.{name}": describe(module, name)
            for module, names in wanted["names"].items()
            for name in names
        },
        "schema": schema.introspect()["__schema"],
    }
    Path(sys.argv[1]).write_text(json.dumps(description, default=str))


main()
