"""A language that is a file of its own: while it loads, and where it never comes."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.form_page import FormPage

NOTE_ALL_THAT_IS_SHOWN = """
    window.shown = "";
    setInterval(() => {
        const form = document.querySelector("dgspay-card-form");
        window.shown += form?.shadowRoot?.textContent ?? "";
    }, 1);
"""


@pytest.fixture
def form(page: Page, snippet_url: str) -> Any:
    page.set_default_timeout(15_000)
    form = FormPage(page, snippet_url)
    yield form
    assert form.problems == []


def test_english_never_flashes(form: FormPage) -> None:
    form.page.add_init_script(NOTE_ALL_THAT_IS_SHOWN)
    form.opens(lang="fr")
    button = form.form.locator("button[type=submit]")
    expect(button).to_have_text(re.compile("Payer"))
    form.page.wait_for_function("() => window.shown.includes('Payer')")
    shown = form.page.evaluate("() => window.shown")
    assert not re.search("One moment|Pay 12|Card number", shown)


@pytest.mark.parametrize("answer", ["none", "nonsense"])
def test_file_that_cannot_be_had_leaves_english(form: FormPage, answer: str) -> None:
    def refuse(route: Route) -> None:
        if answer == "none":
            route.abort()
        else:
            route.fulfill(body="<html>", content_type="text/html")

    form.page.route("**/messages/fr.js", refuse)
    form.opens("paid()", lang="fr")
    expect(form.pay_button).to_have_text("Pay 12,000 Frw")
    expect(form.form.get_by_role("status")).to_have_attribute("lang", "en")
    form.pays()
    form.sees_order()
