"""The stand-in for Saleor offers nothing that real Saleor does not.

Whatever the stand-in (tests/saleor_slice) offers by name must be in Saleor with the
same shape. It may offer less: fewer names, fields and optional arguments.

Needs a checkout of Saleor 3.23 with its virtual environment in .venv. SALEOR_ROOT
says where it is; without it, ~/saleor.
"""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).parents[2]
SLICE = REPOSITORY / "tests" / "saleor_slice"
DESCRIBE = Path(__file__).with_name("describe.py")
SALEOR = Path(os.environ.get("SALEOR_ROOT", "~/saleor")).expanduser()
SALEOR_PYTHON = SALEOR / ".venv" / "bin" / "python"

pytestmark = pytest.mark.skipif(
    not SALEOR_PYTHON.exists(),
    reason=(
        f"No real Saleor to compare the stand-in with: {SALEOR_PYTHON} does not exist. "
        "Set SALEOR_ROOT to a checkout of Saleor 3.23 that has its packages in .venv."
    ),
)

# Fields of other kinds than in Saleor: plain text for those of django-countries and
# django-phonenumber-field, and JSON for an array, which SQLite has none of.
OTHER_KIND_HERE = {
    "saleor.account.models.Address.country",
    "saleor.account.models.Address.phone",
    "saleor.channel.models.Channel.default_country",
    "saleor.payment.models.TransactionItem.available_actions",
}
# What the plugin itself makes or reads whole: here the stand-in may not offer less.
COMPLETE_MODULE = "saleor.payment.interface"


def offered_names() -> dict[str, list[str]]:
    """Return the public names that each module of the stand-in defines itself."""
    return {
        module: names
        for path in sorted((SLICE / "saleor").rglob("*.py"))
        if (module := _module_name(path)) and (names := _defined_names(path))
    }


def _module_name(path: Path) -> str | None:
    parts = path.relative_to(SLICE).with_suffix("").parts
    if parts[-1] == "__init__":
        parts = parts[:-1]
    is_private = any(part.startswith("_") for part in parts)
    return None if is_private else ".".join(parts)


def _defined_names(path: Path) -> list[str]:
    """Return functions, classes and constants; a type alias is no name to rely on."""
    names = []
    for node in ast.parse(path.read_text()).body:
        match node:
            case ast.FunctionDef() | ast.ClassDef():
                names.append(node.name)
            case ast.Assign(targets=[ast.Name(id=name)]) if name.isupper():
                names.append(name)
    return [name for name in names if not name.startswith("_")]


OFFERED = offered_names()


@pytest.fixture(scope="module")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    directory = tmp_path_factory.mktemp("slice")
    return _describe(
        Path(sys.executable),
        schema="tests.saleor_slice.api.schema",
        output=directory / "description.json",
        environment={
            "PYTHONPATH": f"{REPOSITORY}{os.pathsep}{SLICE}",
            "DJANGO_SETTINGS_MODULE": "tests.saleor_slice.settings",
            "SALEOR_SLICE_DATA_DIR": str(directory),
        },
    )


@pytest.fixture(scope="module")
def saleor(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return _describe(
        SALEOR_PYTHON,
        schema="saleor.graphql.api",
        output=tmp_path_factory.mktemp("saleor") / "description.json",
        environment={
            "PYTHONPATH": str(SALEOR),
            "PYTHONDONTWRITEBYTECODE": "1",
            "DJANGO_SETTINGS_MODULE": "saleor.settings",
            "SECRET_KEY": "only-described-never-run",
            "ALLOWED_CLIENT_HOSTS": "localhost",
            "DEBUG": "True",
        },
    )


def _describe(
    python: Path, schema: str, output: Path, environment: dict[str, str]
) -> dict[str, Any]:
    run = subprocess.run(
        [python, DESCRIBE, output],
        input=json.dumps({"names": OFFERED, "schema": schema}),
        env={"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], **environment},
        cwd=output.parent,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(output.read_text())


@pytest.mark.parametrize(
    "name", [f"{module}.{name}" for module, names in OFFERED.items() for name in names]
)
def test_each_name_is_as_in_saleor(
    name: str, stand_in: dict[str, Any], saleor: dict[str, Any]
) -> None:
    ours, theirs = stand_in["names"][name], saleor["names"][name]
    assert theirs["kind"] == ours["kind"], f"{name} is {theirs['kind']} in Saleor"
    differences = list(_name_differences(name, ours, theirs))
    assert not differences, "\n".join(differences)


def test_each_graphql_type_is_as_in_saleor(
    stand_in: dict[str, Any], saleor: dict[str, Any]
) -> None:
    theirs = {
        graphql_type["name"]: graphql_type for graphql_type in saleor["schema"]["types"]
    }
    differences = [
        difference
        for ours in stand_in["schema"]["types"]
        for difference in _type_differences(ours, theirs.get(ours["name"]))
    ]
    assert not differences, "\n".join(differences)


def _name_differences(
    name: str, ours: dict[str, Any], theirs: dict[str, Any]
) -> Iterator[str]:
    match ours["kind"]:
        case "function":
            yield from _signature_differences(
                name, ours["parameters"], theirs["parameters"]
            )
        case "constant":
            yield from _constant_differences(name, ours["value"], theirs["value"])
        case "class" if "values" in ours:
            yield from _subset_differences(name, ours["values"], theirs["values"])
        case "class":
            yield from _class_differences(name, ours, theirs)


def _class_differences(
    name: str, ours: dict[str, Any], theirs: dict[str, Any]
) -> Iterator[str]:
    for base in set(ours["bases"]) - set(theirs["bases"]):
        yield f"{name} is no {base} in Saleor"
    known = {*theirs["attributes"], *theirs["annotations"]}.union(
        theirs["methods"], theirs["constants"], theirs.get("model_fields", ())
    )
    for attribute in {*ours["attributes"], *ours["annotations"]} - known:
        yield f"{name}.{attribute} is not in Saleor"
    for method, parameters in ours["methods"].items():
        if method not in theirs["methods"]:
            yield f"{name}.{method}() is not in Saleor"
        else:
            yield from _signature_differences(
                f"{name}.{method}", parameters, theirs["methods"][method]
            )
    for constant, value in ours["constants"].items():
        if constant not in theirs["constants"]:
            yield f"{name}.{constant} is not in Saleor"
        else:
            yield from _constant_differences(
                f"{name}.{constant}", value, theirs["constants"][constant]
            )
    if "dataclass_fields" in ours:
        yield from _dataclass_differences(
            name, ours["dataclass_fields"], theirs.get("dataclass_fields", {})
        )
    if "model_fields" in ours:
        yield from _subset_differences(
            name, ours["model_fields"], theirs.get("model_fields", {})
        )


def _signature_differences(
    name: str, ours: list[dict[str, Any]], theirs: list[dict[str, Any]]
) -> Iterator[str]:
    """Whoever may call the stand-in's function may call Saleor's just so."""
    names = {parameter["name"] for parameter in ours}
    common = [parameter for parameter in theirs if parameter["name"] in names]
    if ours != common:
        yield f"{name}({_show(ours)}) takes ({_show(common)}) in Saleor"
    for parameter in theirs:
        is_variable = parameter["kind"].startswith("VAR_")
        if parameter["name"] not in names and not (parameter["default"] or is_variable):
            yield f"{name}() requires {parameter['name']} in Saleor"


def _show(parameters: list[dict[str, Any]]) -> str:
    return ", ".join(
        f"{parameter['name']}{'=' if parameter['default'] else ''}"
        f" {parameter['kind'].lower()}"
        for parameter in parameters
    )


def _constant_differences(name: str, ours: Any, theirs: Any) -> Iterator[str]:
    if name.endswith(".CHOICES"):
        ours = [choice for choice in ours if choice not in theirs]
        theirs = []
    if ours != theirs:
        yield f"{name} is {ours!r} here and {theirs!r} in Saleor"


def _dataclass_differences(
    name: str, ours: dict[str, bool], theirs: dict[str, bool]
) -> Iterator[str]:
    if not name.startswith(COMPLETE_MODULE):
        theirs = {field: default for field, default in theirs.items() if field in ours}
    if list(ours.items()) != list(theirs.items()):
        yield f"{name} has the fields {ours} here and {theirs} in Saleor"


def _subset_differences(
    name: str, ours: dict[str, Any], theirs: dict[str, Any]
) -> Iterator[str]:
    for key, value in ours.items():
        if key not in theirs:
            yield f"{name}.{key} is not in Saleor"
        elif f"{name}.{key}" not in OTHER_KIND_HERE and value != theirs[key]:
            yield f"{name}.{key} is {value} here and {theirs[key]} in Saleor"


def _type_differences(
    ours: dict[str, Any], theirs: dict[str, Any] | None
) -> Iterator[str]:
    name = ours["name"]
    if theirs is None or ours["kind"] != theirs["kind"]:
        yield f"There is no {ours['kind']} {name} in Saleor's schema"
        return
    yield from _subset_differences(name, _fields_of(ours), _fields_of(theirs))
    for field, arguments in _arguments_of(ours).items():
        known = _arguments_of(theirs).get(field, {})
        path = f"{name}.{field}"
        yield from _subset_differences(path, arguments, known)
        for argument in known.keys() - arguments.keys():
            if known[argument].endswith("!"):
                yield f"{path} requires {argument} in Saleor's schema"


def _fields_of(graphql_type: dict[str, Any]) -> dict[str, str]:
    """Return fields, input fields or values of a type, each with its own type."""
    fields = {
        field["name"]: _show_type(field["type"])
        for field in graphql_type["fields"] or []
    }
    values = {value["name"]: "value" for value in graphql_type["enumValues"] or []}
    return fields | _inputs(graphql_type["inputFields"]) | values


def _arguments_of(graphql_type: dict[str, Any]) -> dict[str, dict[str, str]]:
    return {
        field["name"]: _inputs(field["args"]) for field in graphql_type["fields"] or []
    }


def _inputs(inputs: list[dict[str, Any]] | None) -> dict[str, str]:
    return {
        one["name"]: f"{_show_default(one['defaultValue'])}{_show_type(one['type'])}"
        for one in inputs or []
    }


def _show_default(default: str | None) -> str:
    return "" if default is None else f"{default} or "


def _show_type(graphql_type: dict[str, Any]) -> str:
    match graphql_type["kind"]:
        case "NON_NULL":
            return f"{_show_type(graphql_type['ofType'])}!"
        case "LIST":
            return f"[{_show_type(graphql_type['ofType'])}]"
        case _:
            return graphql_type["name"]
