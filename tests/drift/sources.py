"""Saleor's source at a branch, read out of its git data and never run."""

import ast
import functools
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

SALEOR = Path(os.environ.get("SALEOR_ROOT", "~/saleor")).expanduser()

# Saleor is written for Python 3.12, and these tests also run on 3.11, which does not
# read the parameters in def quantize_price[PriceType: (Money, Decimal)](...).
TYPE_PARAMETERS = re.compile(r"^(\s*(?:async def|def|class) \w+)\[.*?\](?=[(:])", re.M)

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Source:
    """One branch: the newest of it that the checkout's git data has."""

    def __init__(self, commit: str) -> None:
        self._commit = commit

    def text(self, file: str) -> str:
        text = _git("show", f"{self._commit}:{file}")
        assert text is not None, file
        return text

    @functools.cache  # noqa: B019 - as long as the tests
    def module(self, name: str) -> ast.Module | None:
        """The module's tree; None if there is no such module."""
        path = name.replace(".", "/")
        for file in (f"{path}.py", f"{path}/__init__.py"):
            text = _git("show", f"{self._commit}:{file}")
            if text is not None:
                return ast.parse(TYPE_PARAMETERS.sub(r"\1", text))
        return None

    def offers(self, module: str, name: str) -> bool:
        """Whether ``from module import name`` works, as far as the source tells."""
        tree = self.module(module)
        if tree is None:
            return False
        return name in _names(tree.body) or self.module(f"{module}.{name}") is not None

    def definition(self, module: str, name: str) -> ast.stmt | None:
        """The class or function of a module, also where it is only imported there."""
        tree = self.module(module)
        if tree is None:
            return None
        for node in _statements(tree.body):
            if isinstance(node, ast.ClassDef | Function) and node.name == name:
                return node
        for node in _statements(tree.body):
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    if (alias.asname or alias.name) == name:
                        return self.definition(_absolute(module, node), alias.name)
        return None

    def members(self, module: str, name: str) -> set[str]:
        """The names in a class's body and in those of its bases in Saleor."""
        found: set[str] = set()
        definition = self.definition(module, name)
        if not isinstance(definition, ast.ClassDef):
            return found
        found |= _names(definition.body)
        for base in definition.bases:
            if isinstance(base, ast.Name):
                found |= self.members(module, base.id)
        return found


def source_of(branch: str) -> Source | None:
    """The source of a branch; None if the checkout's git data does not have it."""
    for name in (f"origin/{branch}", branch):
        commit = _git("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        if commit:
            return Source(commit.strip())
    return None


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(SALEOR), *arguments],
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return None
    return done.stdout if done.returncode == 0 else None


def _absolute(module: str, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    # A package's __init__ counts one level less; both are tried by whoever asks.
    parts = module.split(".")[: -node.level] or module.split(".")[:1]
    return ".".join([*parts, node.module] if node.module else parts)


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """All statements that run when a module or class is loaded."""
    for node in body:
        yield node
        if isinstance(node, ast.If | ast.Try | ast.With):
            yield from _statements(node.body)
            for part in ("orelse", "finalbody"):
                yield from _statements(getattr(node, part, []))
            for handler in getattr(node, "handlers", []):
                yield from _statements(handler.body)


def _names(body: list[ast.stmt]) -> set[str]:
    names: set[str] = set()
    for node in _statements(body):
        match node:
            case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                names.add(node.name)
            case ast.Import() | ast.ImportFrom():
                names |= {alias.asname or alias.name for alias in node.names}
            case ast.Assign():
                for target in node.targets:
                    names |= {n.id for n in ast.walk(target) if isinstance(n, ast.Name)}
            case ast.AnnAssign(target=ast.Name(name)):
                names.add(name)
    return names
