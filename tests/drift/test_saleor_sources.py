"""What the plugin uses of Saleor is in every version that is supported.

Read from the source of Saleor's branches, without running them: imported names, the
members of enumerations and classes, the parameters of what is called, hooks, and the
columns that are named in SQL. What a version does not have, and the plugin guards
against, is listed here. SALEOR_ROOT (or ~/saleor) has to be a git checkout with the
branches; the end of a run names each one that it does not have.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from graphql.language.parser import parse

import dgspay_plugin
from tests.docs.pages import OWNER, blocks
from tests.drift.sources import SALEOR, Function, Source, source_of

PLUGIN = Path(dgspay_plugin.__file__).parent
BRANCHES = ("3.21", "3.22", "3.23", "main")

# Imported under a guard: not in every version, and needed in none.
GUARDED_NAMES = {
    ("saleor.checkout.delivery_context", "get_or_fetch_checkout_deliveries"),
}
# Given only to a version that takes it (dgspay_plugin/saleor_versions.py).
GUARDED_PARAMETERS = {"requestor", "include_shipping_zones"}
HOOKS_OF = ("saleor.plugins.base_plugin", "BasePlugin")
PLUGINS = ("plugin.py", "transactions_api/plugin.py")
# Those in the SQL of dgspay_plugin/checkout/payments.py, and what is written by name.
COLUMNS = {
    ("saleor.payment.models", "Payment"): {
        "return_url",
        "checkout",
        "gateway",
        "is_active",
        "captured_amount",
        "charge_status",
        "psp_reference",
        "private_metadata",
        "total",
        "currency",
    },
    ("saleor.payment.models", "TransactionItem"): {
        "app_identifier",
        "available_actions",
        "charged_value",
        "checkout",
        "external_url",
        "modified_at",
        "name",
        "order",
        "private_metadata",
        "psp_reference",
        "refunded_value",
        "token",
    },
    ("saleor.payment.models", "TransactionEvent"): {
        "amount_value",
        "created_at",
        "currency",
        "include_in_calculations",
        "psp_reference",
        "type",
    },
    ("saleor.payment.models", "Transaction"): {
        "amount",
        "created_at",
        "currency",
        "is_success",
        "kind",
        "token",
    },
    ("saleor.checkout.models", "Checkout"): {
        "token",
        "total_gross_amount",
        "price_expiration",
        "gift_cards",
        "charge_status",
    },
    ("saleor.app.models", "App"): {
        "identifier",
        "is_active",
        "removed_at",
        "created_at",
        "private_metadata",
        "type",
    },
}
PAYMENTS_API = {"checkoutPaymentCreate", "paymentRefund"}
TRANSACTIONS_API = {
    "paymentGatewayInitialize",
    "transactionInitialize",
    "transactionProcess",
}
PROBLEM_COLUMNS = {"app", "key", "message", "count", "is_critical", "dismissed"}


@dataclass(frozen=True)
class Use:
    """Something of Saleor's that a line of the plugin uses."""

    where: str
    module: str
    name: str


@pytest.fixture(scope="module", params=BRANCHES)
def saleor(request: pytest.FixtureRequest) -> Source:
    source = source_of(request.param)
    if source is None:
        pytest.skip(
            f"SALEOR {request.param} IS NOT CHECKED: {SALEOR} has no branch of that "
            "name in its git data. git fetch origin main 3.21 3.22 3.23"
        )
    return source


def test_imported_names_are_there(saleor: Source) -> None:
    missing = [
        use
        for use in _imports()
        if (use.module, use.name) not in GUARDED_NAMES
        and not saleor.offers(use.module, use.name)
    ]
    assert not missing


def test_members_of_enumerations_are_there(saleor: Source) -> None:
    missing = []
    for use, node in _uses_of(ast.Attribute):
        definition = saleor.definition(use.module, use.name)
        if not isinstance(definition, ast.ClassDef) or not node.attr.isupper():
            continue
        if node.attr not in saleor.members(use.module, use.name):
            missing.append((use, node.attr))
    assert not missing


def test_calls_fit_the_parameters(saleor: Source) -> None:
    wrong = []
    problem: str | set[str] | None
    for use, call in _uses_of(ast.Call):
        definition = saleor.definition(use.module, use.name)
        if isinstance(definition, Function):
            problem = _misfit(call, definition)
        elif isinstance(definition, ast.ClassDef) and not definition.keywords:
            known = saleor.members(use.module, use.name)
            given = {k.arg for k in call.keywords if k.arg} if known else set()
            problem = given - known if "interface" in use.module else None
        else:
            problem = None
        if problem:
            wrong.append((use, problem))
    assert not wrong


def test_hooks_are_there(saleor: Source) -> None:
    known = saleor.members(*HOOKS_OF)
    assert known
    unknown = {
        method
        for name in PLUGINS
        for method in _public_methods(PLUGIN / name)
        if method not in known
    }
    assert not unknown


def test_columns_are_there(saleor: Source) -> None:
    missing = {
        (name, column)
        for (module, name), columns in COLUMNS.items()
        for column in columns - saleor.members(module, name)
    }
    assert not missing


def test_problems_of_an_app_have_their_columns(saleor: Source) -> None:
    problem = saleor.members("saleor.app.models", "AppProblem")
    # 3.21 has none, and dgspay_plugin/dashboard_problems.py writes none there.
    if problem:
        assert problem >= PROBLEM_COLUMNS | {"MAX_PROBLEMS_PER_APP"}


def test_meter_takes_what_it_is_told(saleor: Source) -> None:
    """It is called by its methods, which the calls of functions do not show."""
    proxy = saleor.definition("saleor.core.telemetry.metric", "MeterProxy")
    assert isinstance(proxy, ast.ClassDef)
    methods = {node.name: node for node in proxy.body if isinstance(node, Function)}
    calls = [
        node
        for node in ast.walk(ast.parse((PLUGIN / "metrics.py").read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in methods
        and ast.unparse(node.func.value) in ("meter", "self._meter")
    ]
    assert {ast.unparse(call.func) for call in calls} == {
        "meter.create_metric",
        "self._meter.record",
    }
    for call in calls:
        assert isinstance(call.func, ast.Attribute)
        given = ast.Call(call.func, [call.func.value, *call.args], call.keywords)
        assert _misfit(given, methods[call.func.attr]) is None


def test_mutations_of_the_storefront_are_there(saleor: Source) -> None:
    mutations = _mutations(saleor)
    documented = {
        field.name.value
        for block in blocks("graphql", "graphql transactions")
        for operation in parse(block.text).definitions
        if operation.operation == "mutation"
        for field in operation.selection_set.selections
    }
    assert documented >= {"checkoutPaymentCreate", "transactionInitialize"}
    assert not documented - mutations.keys()


def test_deprecation_is_as_the_owner_is_told(saleor: Source) -> None:
    """If not, docs/owner.md#compatibility and docs/decisions/saleor-app.md change."""
    mutations = _mutations(saleor)
    deprecated = {
        name
        for name in (*PAYMENTS_API, *TRANSACTIONS_API)
        if "@deprecated" in mutations[name]
    }
    assert deprecated == (set() if _version(saleor) == "3.21" else PAYMENTS_API)
    hooks = saleor.text("saleor/plugins/base_plugin.py")
    for name in ("transaction_initialize_session", "transaction_process_session"):
        note, _, _ = hooks.partition(f"    {name}: ")
        assert "deprecated" in note.rpartition("\n\n")[2]
    note, _, _ = hooks.partition("    process_payment: ")
    assert "deprecated" not in note.rpartition("\n\n")[2]


def test_owner_finds_the_version_in_the_table(saleor: Source) -> None:
    _, _, compatibility = OWNER.read_text().partition("## Compatibility")
    assert f"| {_version(saleor)}" in compatibility


def test_branch_that_is_not_there_is_told() -> None:
    assert source_of("no-such-branch") is None


def _mutations(saleor: Source) -> dict[str, str]:
    """What the schema says of each mutation's answer, by the mutation's name."""
    schema = saleor.text("saleor/graphql/schema.graphql")
    _, _, rest = schema.partition("\ntype Mutation {\n")
    body, _, _ = rest.partition("\n}\n")
    answers = r"^  (\w+)\(\n(?:    .*\n|\n)*?  \): (.+)$"
    return dict(re.findall(answers, body, re.MULTILINE))


def _version(saleor: Source) -> str:
    """Like 3.23."""
    found = re.search(r'^version = "(\d+\.\d+)', saleor.text("pyproject.toml"), re.M)
    assert found
    return found[1]


def _trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(PLUGIN.rglob("*.py")):
        yield path, ast.parse(path.read_text())


def _imports() -> Iterator[Use]:
    for path, tree in _trees():
        for node in ast.walk(tree):
            if not isinstance(node, ast.ImportFrom) or not node.module:
                continue
            if node.module.split(".")[0] == "saleor":
                where = f"{path.relative_to(PLUGIN)}:{node.lineno}"
                for alias in node.names:
                    yield Use(where, node.module, alias.name)


Node = TypeVar("Node", ast.Attribute, ast.Call)


def _uses_of(kind: type[Node]) -> Iterator[tuple[Use, Node]]:
    """Each attribute of an imported name, or each call of one."""
    for path, tree in _trees():
        imported = {
            alias.asname or alias.name: (node.module or "", alias.name)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            and (node.module or "").split(".")[0] == "saleor"
            for alias in node.names
        }
        for node in ast.walk(tree):
            if not isinstance(node, kind):
                continue
            used = node.value if isinstance(node, ast.Attribute) else node.func
            if isinstance(used, ast.Name) and used.id in imported:
                where = f"{path.relative_to(PLUGIN)}:{node.lineno}"
                yield Use(where, *imported[used.id]), node


def _misfit(call: ast.Call, function: Function) -> str | None:
    """Why a function does not take what it is called with; None if it does."""
    positional = [*function.args.posonlyargs, *function.args.args]
    names = {a.arg for a in (*positional, *function.args.kwonlyargs)}
    spread = any(isinstance(a, ast.Starred) for a in call.args)
    given = {keyword.arg for keyword in call.keywords if keyword.arg}
    if not function.args.kwarg and (unknown := given - names - GUARDED_PARAMETERS):
        return f"takes no {', '.join(sorted(unknown))}"
    if not function.args.vararg and len(call.args) > len(positional):
        return f"takes {len(positional)} in order, not {len(call.args)}"
    if spread or any(keyword.arg is None for keyword in call.keywords):
        return None
    needed = positional[len(call.args) : len(positional) - len(function.args.defaults)]
    needed_by_name = [
        argument
        for argument, default in zip(
            function.args.kwonlyargs, function.args.kw_defaults, strict=True
        )
        if default is None
    ]
    left_out = {a.arg for a in (*needed, *needed_by_name)} - given
    return f"needs {', '.join(sorted(left_out))}" if left_out else None


def _public_methods(path: Path) -> Iterator[str]:
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.ClassDef):
            for member in node.body:
                if isinstance(member, Function) and not member.name.startswith("_"):
                    yield member.name
