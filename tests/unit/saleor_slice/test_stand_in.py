"""The stand-in for Saleor as a process: it says what it is, and survives a kill."""

from collections.abc import Iterator

import pytest
import requests

from tests.hosts.slice import SliceHost

NOT_SALEOR = "NOT Saleor"


@pytest.fixture(scope="module")
def stand_in() -> Iterator[SliceHost]:
    host = SliceHost()
    try:
        host.start()
        yield host
    finally:
        host.stop()


def ask(host: SliceHost, query: str, **variables: str) -> requests.Response:
    return requests.post(
        f"{host.url}/graphql/",
        json={"query": query, "variables": variables},
        timeout=10,
    )


@pytest.mark.parametrize("path", ["/", "/graphql/"])
def test_pages_say_that_it_is_not_saleor(stand_in: SliceHost, path: str) -> None:
    assert NOT_SALEOR in requests.get(f"{stand_in.url}{path}", timeout=10).text


def test_answers_and_log_say_that_it_is_not_saleor(stand_in: SliceHost) -> None:
    answer = ask(stand_in, "{ shop { name } }")

    assert NOT_SALEOR in answer.headers["X-Notice"]
    assert NOT_SALEOR in answer.json()["data"]["shop"]["name"]
    for line in stand_in.log().splitlines():
        assert NOT_SALEOR.lower() in line.lower()


def test_any_storefront_may_ask(stand_in: SliceHost) -> None:
    origin = "https://shop.example"
    preflight = requests.options(
        f"{stand_in.url}/graphql/", headers={"Origin": origin}, timeout=10
    )

    assert preflight.headers["Access-Control-Allow-Origin"] == origin
    assert "Content-Type" in preflight.headers["Access-Control-Allow-Headers"]


def test_what_was_stored_survives_a_kill(stand_in: SliceHost) -> None:
    create = """
        mutation Create($channel: String!, $variantId: ID!) {
          checkoutCreate(input: {
            channel: $channel, lines: [{quantity: 2, variantId: $variantId}]
          }) { checkout { id } }
        }
    """
    channel = stand_in.channels["USD"]
    answer = ask(
        stand_in, create, channel=channel.slug, variantId=channel.variant_id
    ).json()
    checkout_id = answer["data"]["checkoutCreate"]["checkout"]["id"]

    stand_in.kill()
    stand_in.start()

    read = (
        "query Read($id: ID!) { checkout(id: $id) { totalPrice { gross { amount } } } }"
    )
    found = ask(stand_in, read, id=checkout_id).json()["data"]["checkout"]
    assert found["totalPrice"]["gross"]["amount"] == 2 * float(channel.price)


def test_management_commands_see_the_same_store(stand_in: SliceHost) -> None:
    dumped = stand_in.manage("dumpdata", "channel.channel")

    assert dumped.returncode == 0, dumped.stderr
    assert stand_in.channels["RWF"].slug in dumped.stdout


def test_database_text_holds_the_owner(stand_in: SliceHost) -> None:
    assert "owner@shop.example" in stand_in.database_text()
    assert "owner-password" not in stand_in.database_text()
