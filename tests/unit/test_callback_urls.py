import contextlib
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.core.signing import Signer
from hypothesis import given
from hypothesis import strategies as st

from dgspay_plugin.callback_urls import (
    SIGNER,
    callback_url,
    read_callback_path,
    return_url,
    webhook_url,
)
from dgspay_plugin.records.charge_id import ChargeId

WEBHOOK = "https://store.example/plugins/channel/rwf/dgspay.payments/webhook/"


def path_of(url: str) -> str:
    """What Saleor hands to the plugin: the path behind the plugin's id."""
    return urlsplit(url).path.removeprefix("/plugins/channel/rwf/dgspay.payments")


def test_webhook_of_a_channel() -> None:
    url = webhook_url("dgspay.payments", "rwf")
    assert url == WEBHOOK
    assert read_callback_path(path_of(url)) is None
    assert read_callback_path("/webhook/") is None


SUBJECTS = st.builds(
    ChargeId, st.sampled_from(["payment", "transaction"]), st.integers(min_value=1)
)


@given(SUBJECTS)
def test_callback_names_its_charge(charge_id: ChargeId) -> None:
    url = callback_url("dgspay.payments", "rwf", charge_id)
    assert url.startswith(WEBHOOK)
    assert read_callback_path(path_of(url)) == charge_id
    assert read_callback_path(path_of(url).removesuffix("/")) == charge_id


@given(st.data(), SUBJECTS)
def test_tampered_callback_is_refused(data: st.DataObject, charge_id: ChargeId) -> None:
    path = path_of(callback_url("dgspay.payments", "rwf", charge_id))
    signed = path.removeprefix("/webhook/").removesuffix("/")
    position = data.draw(st.integers(0, len(signed) - 1))
    character = data.draw(st.sampled_from("0123456789abcXYZ-_:"))
    tampered = signed[:position] + character + signed[position + 1 :]
    if tampered == signed:
        return
    with pytest.raises(LookupError):
        read_callback_path(f"/webhook/{tampered}/")


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/webhooks/",
        "/webhook/7/",
        "/webhook/7:/",
        "/webhook/:abc/",
        "/webhook/payment-7/",
        f"/webhook/{Signer().sign('payment-7')}/",
        f"/webhook/{Signer(salt='another').sign('payment-7')}/",
        f"/webhook/{SIGNER.sign(7)}/",
        f"/webhook/{SIGNER.sign('order-7')}/",
        f"/webhook/{SIGNER.sign('payment-x')}/",
        "/webhook//",
        "/admin/webhook/",
    ],
)
def test_path_that_this_plugin_did_not_make(path: str) -> None:
    with pytest.raises(LookupError):
        read_callback_path(path)


@given(st.text())
def test_any_path_is_read_or_refused(path: str) -> None:
    for whole in (path, f"/webhook/{path}", f"/webhook/{path}/"):
        with contextlib.suppress(LookupError):
            assert read_callback_path(whole) is None


@pytest.mark.parametrize(
    ("page", "url"),
    [
        (
            "https://shop.example/pay",
            "https://shop.example/pay?checkout=Q2hl&payment=UGF5",
        ),
        (
            "https://shop.example/pay?lang=rw&empty=#top",
            "https://shop.example/pay?lang=rw&empty=&checkout=Q2hl&payment=UGF5#top",
        ),
        (
            "http://localhost:3000",
            "http://localhost:3000?checkout=Q2hl&payment=UGF5",
        ),
    ],
)
def test_return_url(page: str, url: str) -> None:
    assert return_url(page, checkout="Q2hl", payment="UGF5") == url


@given(st.text(), st.text())
def test_ids_come_back_as_they_went(checkout_id: str, payment_id: str) -> None:
    url = return_url(
        "https://shop.example/pay?a=1", checkout=checkout_id, payment=payment_id
    )
    query = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    assert query == [("a", "1"), ("checkout", checkout_id), ("payment", payment_id)]
