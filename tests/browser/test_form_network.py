"""The form at a shop that is slow or cannot be reached."""

from playwright.sync_api import expect

from tests.browser.form_page import FormPage


class TestNetwork:
    def test_offline_before_pay(self, form: FormPage) -> None:
        form.opens("paid()")
        form.types_card()
        form.page.evaluate(
            """() => {
                window.online = shop.execute;
                shop.execute = () => Promise.reject(new TypeError("Failed to fetch"));
            }"""
        )
        form.pay_button.click()
        alert = form.form.get_by_role("alert")
        expect(alert).to_contain_text("You have not been charged")
        expect(form.form.get_by_role("status")).to_have_text("")
        form.page.evaluate(
            "() => { shop.execute = online; dispatchEvent(new Event('online')); }"
        )
        expect(alert).to_have_text("You are online again.")
        form.pay_button.click()
        form.sees_order()

    def test_offline_at_the_start_goes_on_by_itself(self, form: FormPage) -> None:
        form.opens("paid()")
        form.page.evaluate(
            """() => {
                const { execute } = shop;
                let isOnline = false;
                shop.execute = (...request) => isOnline
                    ? execute(...request) : Promise.reject(new TypeError("offline"));
                addEventListener("online", () => { isOnline = true; });
                shop.api = "payments";
                const form = document.querySelector("dgspay-card-form");
                form.setAttribute("api", "payments");
            }"""
        )
        form.sees_heading("The shop cannot be reached")
        form.page.evaluate("() => dispatchEvent(new Event('online'))")
        form.pays()
        form.sees_order()

    def test_element_that_leaves_while_offline_leaves_nothing_behind(
        self, form: FormPage
    ) -> None:
        form.opens()
        form.page.evaluate(
            """() => {
                window.rejected = [];
                addEventListener("unhandledrejection", ({ reason }) =>
                    window.rejected.push(String(reason)));
                shop.execute = () => Promise.reject(new TypeError("offline"));
                const form = document.querySelector("dgspay-card-form");
                form.setAttribute("api", "payments");
            }"""
        )
        form.sees_heading("The shop cannot be reached")
        form.page.evaluate("() => document.querySelector('dgspay-card-form').remove()")
        form.page.wait_for_timeout(100)
        assert form.page.evaluate("() => window.rejected") == []

    def test_offline_at_the_pin_is_told_and_asked_again(self, form: FormPage) -> None:
        form.opens("PIN", "lost()", "PIN", "paid()")
        form.pays()
        form.answers("PIN", "1234")
        form.sees_heading("The shop cannot be reached")
        form.page.evaluate("() => dispatchEvent(new Event('online'))")
        alert = form.form.get_by_role("alert")
        expect(alert).to_have_text("Your answer did not arrive. Type it again.")
        form.answers("PIN", "1234")
        form.sees_order()

    def test_slow_shop_is_told_after_ten_seconds(self, form: FormPage) -> None:
        form.opens("paid()")
        form.types_card()
        form.page.evaluate(
            """() => {
                const { execute } = shop;
                shop.execute = async (...request) => {
                    await new Promise((resolve) => setTimeout(resolve, 11_000));
                    shop.execute = execute;
                    return execute(...request);
                };
            }"""
        )
        form.pay_button.click()
        slow = "This takes longer than usual. You need not press again."
        expect(form.form.locator("form")).to_contain_text(slow, timeout=12_000)
        expect(form.form.get_by_role("status")).to_have_text(slow)
        expect(form.form.get_by_role("heading", name="Paid")).to_be_visible(
            timeout=12_000
        )
