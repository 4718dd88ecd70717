"""A storefront that sends what the documentation shows, and keeps the whole answer."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import requests

from tests.hosts.host import Host

Send = Callable[..., dict[str, Any]]
"""Sends a GraphQL document with its variables, and gives back the answer's data."""


@pytest.fixture
def send(host: Host) -> Send:
    def send(
        document: str, variables: Mapping[str, Any], token: str | None = None
    ) -> dict[str, Any]:
        answer = requests.post(
            f"{host.url}/graphql/",
            json={"query": document, "variables": variables},
            headers={"Authorization": f"Bearer {token}"} if token else None,
            timeout=90,
        )
        body: dict[str, Any] = answer.json()
        assert "errors" not in body, body["errors"]
        # Saleor adds what the query has cost, which no storefront needs.
        return {"data": body["data"]}

    return send
