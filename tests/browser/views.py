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


# Labels, fields, icons and texts: none of them may cover another one.
OVERLAPS = """() => {
    const { shadowRoot } = document.querySelector("dgspay-card-form");
    const what = "h2, p, li, label, legend, input, select, button, .brands, .alert";
    const shown = [...shadowRoot.querySelectorAll(what)]
        .filter((element) => element.checkVisibility())
        .map((element) => [element, element.getBoundingClientRect()])
        .filter(([, box]) => box.width && box.height);
    const overlap = (one, other) =>
        Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1 &&
        Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 1;
    return shown.flatMap(([one, box], index) =>
        shown.slice(index + 1)
            .filter(([other]) => !one.contains(other) && !other.contains(one))
            .filter(([, otherBox]) => overlap(box, otherBox))
            .map(([other]) => [one.outerHTML, other.outerHTML]));
}"""


def faults_of(page: Page, snippet: Path) -> tuple[Any, Any, int] | None:
    """What axe finds, what overlaps, and by how many pixels the page is too wide.

    None if all is well.
    """
    # Evaluated by the debugger, which the page's policy does not bind.
    page.evaluate((snippet / "node_modules/axe-core/axe.min.js").read_text())
    violations = page.evaluate(RUN_AXE)
    needed, available = page.evaluate(WIDTHS)
    overlaps = page.evaluate(OVERLAPS)
    if violations or overlaps or needed > available:
        return violations, overlaps, needed - available
    return None
