"""Each view of the form, at every size and in every look."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.form_page import FormPage

SIZES = [320, 390, 1280]
RUN_AXE = """async () => {
    const { violations } = await axe.run(document);
    return violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]);
}"""
WIDTHS = "() => [document.documentElement.scrollWidth, innerWidth]"

in_each_width = pytest.mark.parametrize("width", SIZES)
in_each_root_font = pytest.mark.parametrize("root_font", [100, 200])
in_each_look = pytest.mark.parametrize(
    "looks",
    [
        pytest.param({"color_scheme": "light"}, id="light"),
        pytest.param({"color_scheme": "dark"}, id="dark"),
        pytest.param({"forced_colors": "active"}, id="forced-colours"),
    ],
)


def set_root_font(form: FormPage, percent: int) -> None:
    form.page.evaluate(
        f"() => {{ document.documentElement.style.fontSize = '{percent}%'; }}"
    )


def faults_of(page: Page, snippet: Path) -> tuple[Any, int] | None:
    """What axe finds, and how many pixels the page is too wide; None if all is well."""
    # Evaluated by the debugger, which the page's policy does not bind.
    page.evaluate((snippet / "node_modules/axe-core/axe.min.js").read_text())
    violations = page.evaluate(RUN_AXE)
    needed, available = page.evaluate(WIDTHS)
    if violations or needed > available:
        return violations, needed - available
    return None
