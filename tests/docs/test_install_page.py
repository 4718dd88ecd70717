"""What the install page names is what the plugin and Saleor call it."""

import ast

from dgspay_plugin.reconciliation_schedule import ENTRY_NAME
from tests.docs.pages import REPOSITORY, blocks
from tests.hosts.saleor_site import CELERY_PROGRAMS

PAGE = REPOSITORY / "docs/install.md"


def test_removal_names_what_the_plugin_has_made() -> None:
    (removal,) = blocks("python remove")
    names = {
        node.value
        for node in ast.walk(ast.parse(removal.text))
        if isinstance(node, ast.Constant)
    }
    assert names == {ENTRY_NAME, "dgspay.payments", "dgspay.transactions"}


def test_dockerfile_copies_what_the_package_is_made_of() -> None:
    (dockerfile,) = blocks("dockerfile")
    copied = [
        word
        for line in dockerfile.text.splitlines()
        if line.startswith("COPY ")
        for word in line.split()[1:-1]
    ]
    assert sorted(copied) == sorted(
        ["dgspay_plugin", "setup.cfg", "pyproject.toml", "README.md", "LICENSE"]
    )
    assert all((REPOSITORY / name).exists() for name in copied)


def test_beat_is_started_as_it_was_tried() -> None:
    (compose,) = blocks("yaml")
    for option in CELERY_PROGRAMS["beat"]:
        assert option in compose.text
