"""No secret of a payment is left in a report, however it is wrapped; all else is."""

import html
import json
import time
import urllib.parse
import uuid
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgspay_plugin.observers.recognition import SECRET_FIELDS
from dgspay_plugin.observers.redaction import MASK, redacted
from dgspay_plugin.payment.refusal import CustomerMessage
from tests.unit.browser import CARD_NUMBER, card_data, nonce, pin_data

KEPT = "kept, of the order 17"
CHECKOUT_ID = "Q2hlY2tvdXQ6ZjEzODVjMzgtNzU0NS00OGFkLTlmMzUtNmMyNzE4OTYxZDZl"
DOCUMENT = """
mutation CompleteCheckout($checkoutId: ID!, $paymentData: JSONString) {
  checkoutComplete(id: $checkoutId, paymentData: $paymentData) { order { id } }
}
"""

Wrapper = Callable[[Any], Any]

# What observers, and what is between them and the browser, make of a value.
STRUCTURES: list[Wrapper] = [
    lambda value: {"variables": value, "order": KEPT},
    lambda value: [KEPT, value],
    lambda value: (value, KEPT),
]
TEXTS: list[Wrapper] = [partial(json.dumps, default=bytes.decode), repr]
ENCODINGS: list[Wrapper] = [
    *TEXTS,
    lambda value: html.escape(str(value)),
    lambda value: urllib.parse.quote(str(value)),
    lambda value: urllib.parse.urlencode({"a": KEPT, "b": value}),
    lambda value: f"https://shop.example/?x={urllib.parse.quote_plus(str(value))}#end",
    lambda value: json.dumps(str(value)).replace("/", "\\/"),
    lambda value: json.dumps(str(value)).replace('\\"', "\\u0022"),
    lambda value: f"PaymentData(gateway='dgspay.payments', data={value!r}, amount=12)",
    lambda value: str(value).encode(),
]
SPELLINGS: list[Callable[[str], str]] = [
    str,
    str.upper,
    lambda name: name.replace("_", "-"),
    lambda name: "".join(part.title() for part in name.split("_")),
    lambda name: f"HTTP_X_DGS_{name.upper()}" if len(name) > 5 else name,
]

distinctive = st.from_regex(r"[A-Za-z0-9]{14,20}", fullmatch=True)
steps = st.one_of(
    st.builds(card_data),
    st.builds(pin_data),
    st.fixed_dictionaries({"type": st.just("otp"), "auth_otp": distinctive}),
    st.dictionaries(st.sampled_from(sorted(SECRET_FIELDS)), distinctive, min_size=1),
)


def secrets_of(step: Mapping[str, Any]) -> list[str]:
    return [value for name, value in step.items() if name != "type"]


def readings_of(value: Any) -> list[str]:
    """A value as text, and with its escapes taken off as often as there are any."""
    if isinstance(value, bytes):
        value = value.decode()
    texts = [value if isinstance(value, str) else repr(value)]
    for _ in range(8):
        texts.append(
            urllib.parse.unquote_plus(html.unescape(texts[-1]))
            .replace("\\u0022", '"')
            .replace("\\", "")
        )
        texts.append(urllib.parse.unquote(html.unescape(texts[-2])))
    return texts


def is_in(text: str, value: Any) -> bool:
    return any(text in reading for reading in readings_of(value))


@given(
    steps,
    st.sampled_from(SPELLINGS),
    st.lists(st.sampled_from(STRUCTURES + ENCODINGS), max_size=6),
)
def test_no_secret_is_left(
    step: dict[str, str], spelling: Callable[[str], str], wrappers: list[Wrapper]
) -> None:
    value: Any = {spelling(name): secret for name, secret in step.items()}
    for wrap in wrappers:
        value = wrap(value)

    clean = redacted(value)

    assert not [secret for secret in secrets_of(step) if is_in(secret, clean)]


@pytest.mark.parametrize(
    "name",
    ["SecurityCode", "card_nonce", "pin", "cardNumber", "mobile_money_phone"],
)
@pytest.mark.parametrize("layers", range(10))
def test_text_for_a_url_in_a_url(layers: int, name: str) -> None:
    """Escape upon escape looks like the digits of a card, or like a ciphertext."""
    text = repr({name: "2718"})
    for _ in range(layers):
        text = urllib.parse.quote(text)

    assert "2718" not in redacted(text)


@given(steps, st.lists(st.sampled_from(STRUCTURES + TEXTS), min_size=1, max_size=5))
def test_all_else_is_left(step: dict[str, str], wrappers: list[Wrapper]) -> None:
    value: Any = step
    for wrap in [*wrappers, STRUCTURES[0]]:
        value = wrap(value)

    assert is_in(KEPT, redacted(value))


# Of letters that spell no secret's name, and all that means something to a parser.
words = st.text(alphabet="xyzXYZ 0 ä 17\n\\\"'{}[](),:;=&%+/#<>\u0000\ud83d\ude00")
values = st.none() | st.booleans() | st.integers(max_value=10**9) | st.floats() | words


@given(
    st.recursive(
        values,
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.tuples(inner, inner)
            | st.dictionaries(words, inner, max_size=4)
            | inner.map(json.dumps)
            | inner.map(repr)
        ),
    )
    | words.map(lambda text: text.encode(errors="surrogatepass"))
)
def test_what_is_not_of_a_payment_stays(value: Any) -> None:
    assert repr(redacted(value)) == repr(value)


@pytest.mark.parametrize(
    "text",
    [
        *(message.sentence for message in CustomerMessage),
        "paymentData of type card: card_encrypted_cvv: not base64",
        "DGS-Pay cannot be used in channel shop-rwf, see the plugin's configuration: "
        "api_key, webhook_secret",
        DOCUMENT,
        CHECKOUT_ID,
        str(uuid.UUID(int=5)),
        uuid.UUID(int=2**127 + 5).hex,
        "2026-11-25T17:22:55.123456Z",
        "1764091375123456789",
        "+250788123456",
        "/srv/saleor/venv3/lib/python3/site-packages/saleor/graphql/Checkout2/mutations",
        "CheckoutLineInfoWithVariants",
        "SELECT pin_code, cardinality FROM shipping WHERE expires = %s",
    ],
)
def test_what_the_owner_reads_stays(text: str) -> None:
    assert redacted(text) == text
    assert redacted({"message": text}) == {"message": text}


def test_variables_of_a_payment_mutation_go_whatever_their_names() -> None:
    request = {
        "query": DOCUMENT,
        "operationName": "CompleteCheckout",
        "variables": {
            "a": CHECKOUT_ID,
            "b": {"code": "Q7XN2K9TZ4"},
            "c": '{"anything": "Q7XN2K9TZ4"}',
            "amount": 12000,
        },
    }

    assert redacted(request) == {
        **request,
        "variables": {
            "a": CHECKOUT_ID,
            "b": {"code": MASK},
            "c": MASK,
            "amount": 12000,
        },
    }


@pytest.mark.parametrize(
    "literal",
    [
        json.dumps(json.dumps({"type": "otp", "code": "Q7XN2K9TZ4"})),
        f'"""{json.dumps({"type": "otp", "code": "Q7XN2K9TZ4"})}"""',
        '{type: "otp", code: "Q7XN2K9TZ4"}',
        '{type: "otp", code: "Q7XN2K9TZ4',
    ],
)
def test_literals_of_a_payment_mutation_go(literal: str) -> None:
    document = f'mutation {{ transactionProcess(id: "{CHECKOUT_ID}", data: {literal}'

    clean = redacted({"document": document, "elsewhere": "Q7XN2K9TZ4"})

    assert not is_in("Q7XN2K9TZ4", clean)
    assert CHECKOUT_ID in clean["document"]


@pytest.mark.parametrize(
    "report",
    [
        {"number": "4242 4242 4242 4242", "cvc": "737", "exp": "11/31", "pin": "8046"},
        {"card": {"number": CARD_NUMBER, "expiry": "11/31", "cvv": 737}},
        {"type": "card", "digits": CARD_NUMBER, "month": "11/31", "check": "737"},
        {"id": "dgspay.payments", "data": {"month": "11/31", "check": "737"}},
        {"x": CARD_NUMBER, "y": int(CARD_NUMBER), "z": f"paid with {CARD_NUMBER}."},
        [("cvv", "737"), ("card_expiry", "11/31")],
        [{"name": "cvv", "value": "737"}, {"name": "card_expiry", "value": "11/31"}],
        "cvv=737&card_expiry=11/31",
        "mutation { x(cvv: 737, expiry_month: 11/31, pin: 8046) }",
    ],
)
def test_raw_card_data_goes(report: Any) -> None:
    clean = redacted(report)

    for secret in (CARD_NUMBER, "4242 4242", "737", "11/31", "8046"):
        assert not is_in(secret, clean)


def test_what_has_no_name_goes_by_its_look() -> None:
    # Of 16, 3 and 2 characters, the last without a digit.
    number = "YlLCFaK64rtNmyohxu4gnjpWcXGRV53wT7MxpxX92w0="
    cvv = "YVPBOdCpnkthMRtUHmPotFAIUg=="
    month = "ZOJEqLvvpCsXRaxaqEUgnJFt"
    frame = {"s": number, "value": cvv, "x": f"<{month}>"}

    assert redacted(frame) == {"s": MASK, "value": MASK, "x": f"<{MASK}>"}


def test_what_has_no_name_goes_if_it_has_one_elsewhere() -> None:
    secret = nonce()

    assert redacted([{"s": secret}, f"wrong: {secret}", {"card_nonce": secret}]) == [
        {"s": MASK},
        f"wrong: {MASK}",
        {"card_nonce": MASK},
    ]
    assert redacted([481516, {"auth_otp": 481516}]) == [MASK, {"auth_otp": MASK}]


@given(st.integers(min_value=0, max_value=400))
def test_what_was_cut_off_is_no_secret_either(length: int) -> None:
    step = card_data(type="card")
    text = repr({"data": json.dumps(step)})[:length]

    clean = redacted({"text": text, "whole": step})

    shown = [secret[:12] for secret in secrets_of(step) if is_in(secret[:12], clean)]
    assert not shown


class Unreadable(Mapping[str, str]):
    def __getitem__(self, name: str) -> str:
        raise RuntimeError

    def __iter__(self) -> Any:
        raise RuntimeError

    def __len__(self) -> int:
        return 1


def test_what_cannot_be_read_goes_and_all_else_stays() -> None:
    nested: Any = "kept"
    for _ in range(5000):
        nested = [nested]

    clean = redacted({"a": Unreadable(), "b": KEPT, "c": nested})

    assert (clean["a"], clean["b"]) == (MASK, KEPT)


def test_encodings_without_end_go() -> None:
    text = f"card_nonce={nonce()} of {KEPT}"
    for _ in range(50):
        text = urllib.parse.quote(text)

    assert redacted(text) == MASK


@pytest.mark.parametrize(
    "text",
    [
        'cvv="' * 20_000,
        'cvv,"' * 20_000,
        "cvv" + " " * 100_000,
        "\\" * 100_000,
        "%25" * 30_000,
        "&amp;" * 20_000,
        "a" * 100_000,
        "4 " * 50_000,
        "aB1+" * 20_000,
        'transactionProcess("' + '\\"' * 50_000,
        "a=b&" * 20_000,
        json.dumps([{"cvv": f"12345{number}"} for number in range(3_000)]),
    ],
    ids=lambda text: text[:10],
)
def test_text_that_is_made_to_keep_the_server_busy(text: str) -> None:
    started = time.process_time()

    redacted(text)

    assert time.process_time() - started < 10
