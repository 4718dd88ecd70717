"""The owner runs dgspay_probe before the first payment with DGS-Pay's own sandbox."""

import json
from pathlib import Path

from dgspay_plugin.sandbox import credentials
from tests.hosts.host import Host
from tests.scenarios.apis import whatever_the_api
from tests.scenarios.in_store import run_in_store
from tests.scenarios.sandbox import Sandbox
from tests.scenarios.store import Store

pytestmark = whatever_the_api

# The dashboard would ask DGS-Pay itself, with a key that this sandbox does not have.
SET_LIVE = """
from saleor.plugins.models import PluginConfiguration

for row in PluginConfiguration.objects.filter(identifier="dgspay.payments"):
    for field in row.configuration:
        if field["name"] == "environment":
            field["value"] = "live"
        if field["name"] == "api_key":
            field["value"] = "key-of-a-merchant"
        if field["name"] == "sandbox_url":
            field["value"] = ""
    row.save()
"""


def test_owner_reads_what_to_set(host: Host, store: Store, tmp_path: Path) -> None:
    report = tmp_path / "report.json"

    done = host.manage("dgspay_probe", "--report", str(report))

    assert done.returncode == 0, done.stderr
    assert "confirmed  nonce: A nonce has 12 characters." in done.stdout
    assert "confirmed  idempotency key: " in done.stdout
    assert "not told  webhook: " in done.stdout
    assert "otherwise" not in done.stdout
    assert done.stdout.rstrip().endswith(f"Written to {report}.")
    written = json.loads(report.read_text())
    assert written["cannot_handle"] == []
    assert credentials.API_KEY not in report.read_text() + done.stdout


def test_dialect_is_told_with_what_to_set(
    host: Host, store: Store, sandbox: Sandbox, tmp_path: Path
) -> None:
    with Sandbox(tmp_path, "--dialect=nonce-24") as other:
        try:
            store.configure_for_sandbox(other.url)
            done = host.manage("dgspay_probe")
        finally:
            store.configure_for_sandbox(sandbox.url)
    assert "otherwise  nonce: " in done.stdout
    assert "Set Nonce format to 24." in done.stdout


def test_live_is_refused_before_anything_is_sent(
    host: Host, store: Store, sandbox: Sandbox
) -> None:
    before = len(sandbox.arrivals())
    run_in_store(host, SET_LIVE)
    try:
        channel = host.channels["RWF"].slug
        refused = host.manage("dgspay_probe", "--channel", channel)
        none_left = host.manage("dgspay_probe")
    finally:
        store.configure_for_sandbox(sandbox.url)
    assert refused.returncode != 0
    assert "this channel takes real money" in refused.stderr
    assert none_left.returncode != 0
    assert "no such channel is set up for the sandbox" in none_left.stderr
    assert len(sandbox.arrivals()) == before + len(host.channels)
