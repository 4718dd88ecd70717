"""Arrows point one way.

plugins and webhook -> checkout -> records -> payment, and provider -> payment.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import resolve_name
from pathlib import Path

import pytest

import dgspay_plugin

PACKAGE = Path(dgspay_plugin.__file__).parent


def _imports(path: Path) -> Iterator[str]:
    """The modules that a file imports, also those inside of functions."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            named = "." * node.level + (node.module or "")
            module = resolve_name(named, _package_of(path))
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def _package_of(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE.parent).parent.parts)


@pytest.mark.parametrize(
    ("package", "forbidden"),
    [
        ("payment", "saleor"),
        ("payment", "django"),
        ("payment", "graphene"),
        ("payment", "requests"),
        ("payment", "dgspay_plugin.provider"),
        ("payment", "dgspay_plugin.checkout"),
        ("payment", "dgspay_plugin.records"),
        ("payment", "dgspay_plugin.configuration"),
        ("payment", "dgspay_plugin.plugin"),
        ("payment", "dgspay_plugin.metrics"),
        ("provider", "saleor"),
        ("provider", "django"),
        ("provider", "graphene"),
        ("provider", "dgspay_plugin.checkout"),
        ("provider", "dgspay_plugin.records"),
        ("provider", "dgspay_plugin.configuration"),
        ("provider", "dgspay_plugin.plugin"),
        ("checkout", "dgspay_plugin.plugin"),
        ("records", "dgspay_plugin.plugin"),
        ("checkout", "dgspay_plugin.transactions_api"),
        ("records", "dgspay_plugin.transactions_api"),
        ("checkout", "dgspay_plugin.management"),
        ("records", "dgspay_plugin.management"),
        ("checkout", "dgspay_plugin.webhook"),
        ("checkout", "dgspay_plugin.reconciliation"),
        ("records", "dgspay_plugin.checkout"),
        ("records", "dgspay_plugin.webhook"),
        ("records", "dgspay_plugin.reconciliation"),
        ("observers", "dgspay_plugin.provider"),
        ("observers", "dgspay_plugin.checkout"),
        ("observers", "dgspay_plugin.records"),
        ("observers", "dgspay_plugin.configuration"),
        ("observers", "dgspay_plugin.plugin"),
        ("sandbox", "saleor"),
        # It is built from the provider's pages, to catch the plugin in a mistake.
        ("sandbox", "dgspay_plugin.payment"),
        ("sandbox", "dgspay_plugin.provider"),
        ("sandbox", "dgspay_plugin.checkout"),
        ("sandbox", "dgspay_plugin.records"),
        ("sandbox", "dgspay_plugin.metrics"),
    ],
)
def test_package_does_not_import(package: str, forbidden: str) -> None:
    modules = sorted((PACKAGE / package).rglob("*.py"))
    assert modules
    wrong = [
        f"{module.relative_to(PACKAGE)} imports {imported}"
        for module in modules
        for imported in _imports(module)
        if imported == forbidden or imported.startswith(f"{forbidden}.")
    ]
    assert wrong == []


def test_metrics_use_nothing_that_is_measured() -> None:
    used = {
        name.split(".")[1]
        for name in _imports(PACKAGE / "metrics.py")
        if name.startswith("dgspay_plugin.")
    }
    assert used == {"payment", "problems"}


def test_payment_and_provider_load_without_saleor_and_django() -> None:
    """What they import may import more than meets the eye."""
    program = """
import importlib, pkgutil, sys
from dgspay_plugin import payment, provider

for package in payment, provider:
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
print({name.split(".")[0] for name in sys.modules} & {"django", "saleor"})
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize("package", ["checkout", "records"])
def test_each_module_has_its_unit_file(package: str) -> None:
    modules = {path.stem for path in (PACKAGE / package).glob("[!_]*.py")}
    unit_files = (Path(__file__).parent / package).glob("test_*.py")
    tested = {path.stem.removeprefix("test_") for path in unit_files}
    assert modules
    assert modules <= tested


def test_only_one_module_waits_for_a_commit_itself() -> None:
    """Django's own function lets an error through, or looks for a name in a partial."""
    users = [
        str(module.relative_to(PACKAGE))
        for module in sorted(PACKAGE.rglob("*.py"))
        if "on_commit(" in module.read_text()
    ]
    assert users == ["after_commit.py"]
