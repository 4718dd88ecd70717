"""What a password manager fills in is paid with.

test_form_fields.py has all that is typed.
"""

from tests.browser.customer import Customer


def test_pasted_and_filled_in_values_are_taken(customer: Customer) -> None:
    """A password manager sets the value at once and fires one event."""
    for label, value in {
        "Card number": " 4242-4242 4242-4242 ",
        "Expiry date": "12/2030",
        "Security code": "737",
    }.items():
        customer.field(label).fill(value)
    customer.presses_pay()
    customer.sees_order()
