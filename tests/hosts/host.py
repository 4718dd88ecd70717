"""What a scenario may ask of the store it runs against."""

import subprocess
from dataclasses import dataclass
from typing import Protocol

from tests.hosts.collector import Collector

STAFF_EMAIL = "owner@shop.example"
STAFF_PASSWORD = "owner-password"


@dataclass(frozen=True)
class Channel:
    """A sales channel that the host has ready, with three products for sale in it."""

    slug: str
    currency: str
    variant_id: str
    """Global id of a variant that needs no shipping."""
    price: str
    """Gross unit price in major units, with no tax and no shipping on top."""
    shipped_variant_id: str
    """Global id of a variant that is shipped, to Rwanda and the USA."""
    shipped_price: str
    shipping_price: str
    """Of the one delivery method, in major units."""
    free_variant_id: str
    """Global id of a variant that costs nothing and needs no shipping."""


class Host(Protocol):
    """A store in processes of its own, reached over HTTP as a storefront reaches it.

    It has a staff user with every permission, an RWF and a USD channel whose
    settings are Saleor's defaults, and the plugin installed but not configured.
    """

    name: str
    url: str
    """Base URL without a trailing slash; GraphQL is at ``{url}/graphql/``."""
    channels: dict[str, Channel]
    """By currency: "RWF" and "USD"."""
    collector: Collector | None
    """Where its observers send what they see; None where it has none."""

    def start(self) -> None:
        """Start the server and return when it answers."""

    def stop(self) -> None:
        """End the server and all that was started for it."""

    def kill(self) -> None:
        """SIGKILL every server process, in the middle of whatever it does."""

    def complete_paid_checkouts(self) -> None:
        """Let Saleor make orders of paid checkouts from now on, as its celery does.

        Only in channels that are set so, of which there is none at first.
        """

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a Django management command inside the store's own environment.

        In a fork of a process that has the store's code loaded: as good as a new one
        for what a command does, and seconds faster on real Saleor.
        """

    def manage_in_new_process(
        self, *arguments: str
    ) -> subprocess.CompletedProcess[str]:
        """Run it as an operator does, in a process that has loaded nothing before.

        For what is about loading itself: that the command comes up by its own imports,
        and whatever is measured.
        """

    def log(self) -> str:
        """All that the server has logged, at DEBUG level."""

    def database_text(self) -> str:
        """Every row of every table, as text."""
