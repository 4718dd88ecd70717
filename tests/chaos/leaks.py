"""Look for card data, and for the shop's own secrets, in all that a run has left."""

import subprocess
import tempfile
from collections.abc import Iterable

from dgspay_plugin.sandbox.credentials import API_KEY, WEBHOOK_SECRET
from tests.hosts.host import Host
from tests.scenarios.store import Store


def find_leaks(host: Host, store: Store, typed: Iterable[str]) -> list[str]:
    """Name each place with what it holds, of which it should hold nothing.

    Args:
        typed: what customers typed, and what their browsers made of it.
    """
    card_data, all_secrets = set(typed), {*typed, API_KEY, WEBHOOK_SECRET}
    places = {
        "the log": (host.log(), all_secrets),
        # The keys are in the plugin's configuration.
        "the database": (host.database_text(), card_data),
        "the GraphQL answers": ("\n".join(store.answers), all_secrets),
        "the reports to observers": (
            host.collector.text() if host.collector else "",
            all_secrets,
        ),
    }
    return [
        f"{place}: {secret}"
        for place, (text, secrets) in places.items()
        for secret in sorted(_found(secrets, text))
    ]


def _found(secrets: set[str], text: str) -> set[str]:
    """Search for thousands of secrets in hundreds of megabytes, which grep can."""
    with tempfile.NamedTemporaryFile("w") as patterns:
        patterns.write("\n".join(secrets))
        patterns.flush()
        grep = ["grep", "--text", "--only-matching", "--fixed-strings"]
        done = subprocess.run(
            [*grep, f"--file={patterns.name}"],
            input=text,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode in (0, 1), done.stderr
    return set(done.stdout.splitlines())
