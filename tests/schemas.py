"""The JSON Schemas of docs/schemas, which both sides of a payment have to keep to."""

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

SCHEMAS = {
    file.stem: json.loads(file.read_text())
    for file in (Path(__file__).parents[1] / "docs/schemas").glob("*.json")
}
_REGISTRY: Registry[Any] = Registry().with_resources(
    (schema["$id"], Resource.from_contents(schema)) for schema in SCHEMAS.values()
)


def misfits(schema: str, value: object) -> list[str]:
    """What of a value is not as the schema has it."""
    validator = Draft202012Validator(SCHEMAS[schema], registry=_REGISTRY)
    return [error.message for error in validator.iter_errors(value)]
