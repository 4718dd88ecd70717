"""The demo says PAID only of what is paid, and serves a page that finds its store."""

from typing import TYPE_CHECKING

import pytest
import requests

from tests.demo.mobile_money import MobileMoneyPayment
from tests.demo.narrator import Narrator
from tests.demo.payment import WORDS, NotPaid, Payment
from tests.demo.storefront import PAGE, storefront
from tests.scenarios.apis import APIS, open_store
from tests.scenarios.sandbox import Sandbox
from tests.scenarios.store import Store

if TYPE_CHECKING:
    from tests.hosts.host import Host


@pytest.mark.parametrize("api", APIS)
def test_paid_order(
    host: "Host", sandbox: Sandbox, api: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_store(api, host, sandbox) as store:
        Payment(store, sandbox, Narrator()).run()

    told = capsys.readouterr().out
    assert WORDS[api].title in told
    assert "PAID. Order" in told


def test_paid_order_by_mobile_money(
    store: Store, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    MobileMoneyPayment(store, sandbox, Narrator()).run()

    told = capsys.readouterr().out
    assert "approve_on_phone" in told
    assert "PAID. Order" in told


def test_refused_charge_is_not_paid(
    store: Store, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox.order_fault("charge", error_code="90")

    with pytest.raises(NotPaid, match="provider_refused"):
        Payment(store, sandbox, Narrator()).run()

    assert "PAID" not in capsys.readouterr().out


def test_storefront_page_is_told_its_store(host: "Host") -> None:
    with storefront(host) as page:
        served = requests.get(page, timeout=10)
        config = requests.get(page.replace(PAGE, "/config.json"), timeout=10)

    assert config.json() == {
        "graphqlUrl": f"{host.url}/graphql/",
        "channel": host.channels["RWF"].slug,
        "variantId": host.channels["RWF"].variant_id,
    }
    assert served.status_code == 200
