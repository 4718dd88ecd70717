"""The card form as a part of somebody's page."""

import pytest
from playwright.sync_api import Route, expect

from tests.browser.customer import Customer
from tests.scenarios import cards


def test_pages_strict_policy_is_never_violated(customer: Customer) -> None:
    """The example forbids inline code, inline styles, eval and untrusted HTML."""
    customer.pays_with(cards.PIN)
    customer.answers_pin()
    customer.sees_order()

    policy = customer.page.locator("meta[http-equiv]").get_attribute("content")
    assert policy is not None
    assert "require-trusted-types-for 'script'" in policy
    assert "unsafe-inline" not in policy
    assert [text for text in customer.console if "Content Security" in text] == []


def test_events_tell_the_page_what_happens(customer: Customer) -> None:
    customer.page.evaluate(
        """() => {
            window.told = [];
            for (const name of ["dgspay-step", "dgspay-error", "dgspay-order"]) {
                document.addEventListener(name, ({ type, detail }) => {
                    const what = detail.type ?? detail.code ?? detail.order.isPaid;
                    window.told.push([type, what]);
                });
            }
        }"""
    )
    customer.pays_with(cards.INSUFFICIENT_FUNDS)
    customer.sees_alert("does not have enough money")
    customer.pays_with(cards.PIN)
    customer.answers_pin()
    customer.sees_order()

    assert customer.page.evaluate("() => window.told") == [
        ["dgspay-error", "insufficient_funds"],
        ["dgspay-step", "pin"],
        ["dgspay-step", "order"],
        ["dgspay-order", True],
    ]


def test_page_may_take_the_customer_to_the_bank_itself(customer: Customer) -> None:
    customer.page.evaluate(
        """() => document.addEventListener("dgspay-step", (event) => {
            if (event.detail.type === "redirect") event.preventDefault();
        })"""
    )
    customer.pays_with(cards.BANK_PAGE)
    customer.sees_heading("Confirm at your bank")
    customer.presses("Go to your bank")
    customer.sees_bank()


def test_look_is_the_pages_to_choose(customer: Customer) -> None:
    customer.page.evaluate(
        """() => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(`
                dgspay-card-form { --dgspay-accent: rgb(10, 90, 50); }
                dgspay-card-form::part(input) { border-width: 4px; }
            `);
            document.adoptedStyleSheets = [sheet];
        }"""
    )
    expect(customer.pay_button).to_have_css("background-color", "rgb(10, 90, 50)")
    expect(customer.field("Card number")).to_have_css("border-width", "4px")


def test_own_graphql_client_is_used(customer: Customer) -> None:
    customer.sees_card_fields()
    customer.page.evaluate(
        """() => {
            window.kinds = [];
            const form = document.querySelector("dgspay-card-form");
            const url = form.getAttribute("graphql-url");
            form.setAttribute("graphql-url", "/nowhere/");
            form.execute = async (query, variables, { kind, signal }) => {
                window.kinds.push(kind);
                const response = await fetch(url, {
                    method: "POST",
                    headers: { "Content-Type": "application/json" },
                    body: JSON.stringify({ query, variables }),
                    signal,
                });
                return (await response.json()).data;
            };
        }"""
    )
    customer.pays_with(cards.APPROVED)
    customer.sees_order()
    assert set(customer.page.evaluate("() => window.kinds")) == {"query", "mutation"}


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        ("gateway", "This order cannot be paid this way."),
        ("checkout", "This order is not open anymore."),
    ],
)
def test_checkout_that_cannot_be_paid_says_so(
    customer: Customer, missing: str, told: str
) -> None:
    def without(route: Route) -> None:
        answer = route.fetch()
        body = answer.json()
        match missing, body.get("data"):
            case "checkout", {"checkout": _}:
                body["data"]["checkout"] = None
            case "gateway", {"paymentGatewayInitialize": initialized}:
                initialized["gatewayConfigs"] = []
            case "gateway", {"checkout": {"availablePaymentGateways": gateways}}:
                gateways.clear()
        route.fulfill(response=answer, json=body)

    customer.page.route("**/graphql/", without)
    customer.page.reload()
    customer.sees_heading(told)
    expect(customer.form.get_by_role("button")).to_have_text(["Check now"])
