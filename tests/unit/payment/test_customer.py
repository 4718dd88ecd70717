import unicodedata
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgspay_plugin.payment.customer import MAX_NAME_LENGTH, read_customer
from dgspay_plugin.payment.refusal import CustomerMessage, Refusal


@dataclass
class PostalAddress:
    first_name: str = "Amina"
    last_name: str = "Uwase"
    company_name: str = ""
    country: str = "RW"
    phone: str = "+250788123456"


def test_fields_bear_dgs_pays_names() -> None:
    assert read_customer("amina@example.com", PostalAddress()).fields() == {
        "customer_email": "amina@example.com",
        "customer_first_name": "Amina",
        "customer_last_name": "Uwase",
        "customer_phone": "788123456",
        "customer_phone_country_code": "250",
    }


@pytest.mark.parametrize(
    ("address", "first_name", "last_name"),
    [
        pytest.param(PostalAddress("Amina", ""), "Amina", "Amina", id="first alone"),
        pytest.param(PostalAddress("", "Uwase"), "Uwase", "Uwase", id="last alone"),
        pytest.param(
            PostalAddress("", "", "Kigali Coffee Ltd"),
            "Kigali Coffee Ltd",
            "Kigali Coffee Ltd",
            id="company",
        ),
        pytest.param(
            PostalAddress("Amina", "Uwase", "Kigali Coffee Ltd"),
            "Amina",
            "Uwase",
            id="a person of a company",
        ),
        pytest.param(PostalAddress("明", "王"), "明", "王", id="Chinese"),
        pytest.param(PostalAddress("آمنة", "العلي"), "آمنة", "العلي", id="Arabic"),
        pytest.param(
            PostalAddress("Andre\u0301", "Nu\u0301n\u0303ez"),
            "Andr\u00e9",
            "N\u00fa\u00f1ez",
            id="composed",
        ),
        pytest.param(
            PostalAddress(" Amina\t\x00 Grace ", "Uwase\r\nX-Header: 1"),
            "Amina Grace",
            "Uwase X-Header: 1",
            id="control characters",
        ),
        pytest.param(
            PostalAddress("\u200b \n", "Uwase"), "Uwase", "Uwase", id="invisible"
        ),
        pytest.param(
            PostalAddress("a" * 300, "Uwase"),
            "a" * MAX_NAME_LENGTH,
            "Uwase",
            id="too long",
        ),
    ],
)
def test_names(address: PostalAddress, first_name: str, last_name: str) -> None:
    customer = read_customer("amina@example.com", address)
    assert (customer.customer_first_name, customer.customer_last_name) == (
        first_name,
        last_name,
    )


@pytest.mark.parametrize(
    ("phone", "country", "country_code", "national"),
    [
        pytest.param("+250788123456", "RW", "250", "788123456", id="Rwanda"),
        pytest.param("0788 123 456", "RW", "250", "788123456", id="Rwanda, national"),
        pytest.param("+250 (788) 123-456", "", "250", "788123456", id="no country"),
        pytest.param("00250788123456", "RW", "250", "788123456", id="00 for plus"),
        pytest.param("+254712345678", "RW", "254", "712345678", id="a foreigner"),
        pytest.param("(415) 555-2671", "US", "1", "4155552671", id="United States"),
        pytest.param("07911 123456", "GB", "44", "7911123456", id="Great Britain"),
        pytest.param("06 1234 5678", "IT", "39", "0612345678", id="Italy keeps its 0"),
        pytest.param("+81 3-1234-5678", "JP", "81", "312345678", id="Japan"),
        pytest.param("٠٧٨٨١٢٣٤٥٦", "RW", "250", "788123456", id="Arabic digits"),
    ],
)
def test_phone_is_split(
    phone: str, country: str, country_code: str, national: str
) -> None:
    address = PostalAddress(phone=phone, country=country)
    customer = read_customer("amina@example.com", address)
    assert customer.customer_phone_country_code == country_code
    assert customer.customer_phone == national


@pytest.mark.parametrize(
    "phone", ["", None, "call me", "12", "+", "+999999999999", "0788123456" * 5]
)
def test_what_is_no_phone_number_is_refused(phone: str | None) -> None:
    with pytest.raises(Refusal) as refused:
        read_customer("amina@example.com", PostalAddress(phone=phone))  # type: ignore[arg-type]  # Saleor's may be None
    assert refused.value.for_customer is CustomerMessage.PHONE_NEEDED


def test_national_number_of_nowhere_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        read_customer(
            "amina@example.com", PostalAddress(phone="0788123456", country="")
        )
    assert refused.value.for_customer is CustomerMessage.PHONE_NEEDED


def test_each_fact_comes_from_the_first_address_that_has_it() -> None:
    billing = PostalAddress("", "", phone="")
    shipping = PostalAddress("Jean", "Habimana", phone="+250722000111")
    customer = read_customer("amina@example.com", billing, shipping)
    assert customer.customer_first_name == "Jean"
    assert customer.customer_phone == "722000111"


def test_billing_address_goes_before_the_shipping_address() -> None:
    shipping = PostalAddress("Jean", "Habimana", phone="+250722000111")
    customer = read_customer("amina@example.com", PostalAddress(), shipping)
    assert customer.customer_first_name == "Amina"
    assert customer.customer_phone == "788123456"


@pytest.mark.parametrize(
    ("email", "addresses", "missing"),
    [
        ("", [PostalAddress()], CustomerMessage.EMAIL_NEEDED),
        (None, [PostalAddress()], CustomerMessage.EMAIL_NEEDED),
        ("amina@example.com", [PostalAddress("", "")], CustomerMessage.NAME_NEEDED),
        ("amina@example.com", [PostalAddress(" ", "\n")], CustomerMessage.NAME_NEEDED),
        ("amina@example.com", [], CustomerMessage.NAME_NEEDED),
        ("amina@example.com", [None, None], CustomerMessage.NAME_NEEDED),
        ("amina@example.com", [PostalAddress(phone="")], CustomerMessage.PHONE_NEEDED),
    ],
)
def test_what_is_missing_is_named(
    email: str | None,
    addresses: list[PostalAddress | None],
    missing: CustomerMessage,
) -> None:
    with pytest.raises(Refusal) as refused:
        read_customer(email, *addresses)
    assert refused.value.for_customer is missing


@given(
    st.builds(
        PostalAddress,
        first_name=st.text(),
        last_name=st.text(),
        company_name=st.text(),
        country=st.sampled_from(["RW", "US", "", "XX"]) | st.text(max_size=3),
        phone=st.text() | st.from_regex(r"\+?[0-9 ()-]{5,18}"),
    )
)
def test_whatever_an_address_holds_is_readable_or_refused(
    address: PostalAddress,
) -> None:
    try:
        customer = read_customer("amina@example.com", address)
    except Refusal:
        return
    for name in (customer.customer_first_name, customer.customer_last_name):
        assert 0 < len(name) <= MAX_NAME_LENGTH
        assert not {"Cc", "Cs", "Zl", "Zp"} & set(map(unicodedata.category, name))
    for digits in (customer.customer_phone, customer.customer_phone_country_code):
        assert digits.isascii()
        assert digits.isdigit()
