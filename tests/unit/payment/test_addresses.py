from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgspay_plugin.payment.addresses import is_web_address


@pytest.mark.parametrize(
    "address",
    [
        "https://shop.example",
        "http://127.0.0.1:3000/pay?lang=rw&empty=#top",
        "http://[::1]:3000/",
        "HTTPS://SHOP.EXAMPLE/",
        "https://bücher.example/straße",
        "https://bank.example/3ds?PaReq=eJzVWFm%2BABC%3D%3D",
    ],
)
def test_address_of_the_web(address: str) -> None:
    assert is_web_address(address)


@pytest.mark.parametrize(
    "value",
    [
        "javascript:alert(1)",
        "javascript://127.0.0.1/%0aalert(1)",
        "JavaScript://shop.example/%0aalert(1)",
        "java\tscript://shop.example/%0aalert(1)",
        "data:text/html,<script>alert(1)</script>",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "vbscript:msgbox",
        "",
        "/pay",
        "pay.html",
        "//shop.example/pay",
        "shop.example/pay",
        "https:shop.example",
        "https:/shop.example",
        "https://",
        "https:///pay",
        "https://:443/",
        "https://[::1",
        "https://shop.example:port/",
        "https://shop.example:99999/",
        "https://shop.example:0/",
        " https://shop.example/",
        "https://shop.example/\n",
        "https://shop.example/a b",
        "https://shop.example/\x00",
        "https://shop.example/\u2028",
        "https://shop.example/\u200b",
        "https://elsewhere.example\\@shop.example/",
        "https://shop.example@elsewhere.example/",
        None,
        7,
        True,
        ["https://shop.example"],
        {"url": "https://shop.example"},
    ],
)
def test_anything_else(value: object) -> None:
    assert not is_web_address(value)


@given(
    st.text()
    | st.lists(
        st.sampled_from(
            ["http", "https", ":", "/", "//", "[", "]", "@", "\\", "%0a", "\n", "a.b"]
        )
        | st.text(max_size=3)
    ).map("".join)
)
def test_whatever_is_an_address_leads_to_a_host_by_http(text: str) -> None:
    if is_web_address(text):
        assert urlsplit(text).scheme in ("http", "https")
        assert urlsplit(text).hostname
        assert text.lower().startswith(("http://", "https://"))
