"""dgspay_probe: whose credentials it takes, and what it writes."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from saleor.plugins.models import PluginConfiguration

from dgspay_plugin.sandbox import credentials
from dgspay_plugin.sandbox.dialects import DIALECTS
from dgspay_plugin.sandbox.settings import Settings
from tests.unit.leaks import found_in
from tests.unit.merchant import GATEWAY, fields
from tests.unit.sandbox.conftest import serve
from tests.unit.shop import Shop

SECRETS = (
    credentials.API_KEY,
    credentials.ENCRYPTION_KEY,
    credentials.WEBHOOK_SECRET,
)


@pytest.fixture
def channel(database: None, cache: None) -> str:
    """The slug of a channel that is set up for no sandbox that can be reached."""
    return Shop().channel.slug


def configure(url: str) -> None:
    PluginConfiguration.objects.update(
        configuration=fields(
            api_key=credentials.API_KEY,
            account_number=credentials.ACCOUNT_NUMBER,
            encryption_key=credentials.ENCRYPTION_KEY,
            webhook_secret=credentials.WEBHOOK_SECRET,
            sandbox_url=f"{url}/generation/v2",
        )
    )


def probe(*arguments: str) -> str:
    written = StringIO()
    call_command("dgspay_probe", *arguments, stdout=written, no_color=True)
    return written.getvalue()


def test_what_to_set_is_said_and_written(channel: str, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    for url in serve(Settings(nonce_format="24", dialect=DIALECTS["nonce-24"])):
        configure(url)
        told = probe(f"--channel={channel}", f"--report={report}")
    assert "otherwise  nonce:" in told
    assert "To set or to do\n  - Set Nonce format to 24.\n" in told
    assert "What this version cannot handle\n  - Nothing.\n" in told
    assert f"Written to {report}." in told
    assert json.loads(report.read_text())
    assert found_in(told + report.read_text(), SECRETS) == []


def test_provider_that_is_not_there(channel: str) -> None:
    configure("http://127.0.0.1:9")
    with pytest.raises(CommandError, match="GET /balance brought no answer"):
        probe()


@pytest.mark.parametrize(
    ("changes", "argument"),
    [
        ({"environment": "live"}, ""),
        ({"api_key": ""}, ""),
        ({}, "--channel=no-such-channel"),
    ],
)
def test_channel_that_is_not_set_up_for_the_sandbox(
    channel: str, changes: dict[str, str], argument: str
) -> None:
    PluginConfiguration.objects.filter(identifier=GATEWAY).update(
        configuration=fields(**changes)
    )
    with pytest.raises(CommandError, match="no such channel is set up for the sandbox"):
        probe(*filter(None, [argument]))
