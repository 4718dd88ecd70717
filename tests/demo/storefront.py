"""The storefront page of frontend_snippet/examples/plain, served for a store."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser.static_site import static_site
from tests.hosts.host import Host

SNIPPET = Path(__file__).parents[2] / "frontend_snippet"
PAGE = "/examples/plain/"


@contextmanager
def storefront(host: Host, currency: str = "RWF") -> Iterator[str]:
    """Serve the page as long as the context lasts, and give its URL."""
    channel = host.channels[currency]
    config = {
        "graphqlUrl": f"{host.url}/graphql/",
        "channel": channel.slug,
        "variantId": channel.variant_id,
    }
    with static_site(SNIPPET, config) as url:
        yield url + PAGE
