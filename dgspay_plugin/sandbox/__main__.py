"""``python -m dgspay_plugin.sandbox``: serve a sandbox until Ctrl-C."""

import argparse
import sys

import uvicorn

from . import credentials
from .api import PREFIX
from .app import create_app
from .connection import CuttableConnection
from .credentials import RIGHT_OTP, RIGHT_PIN, Credentials
from .dialects import DIALECTS
from .settings import Settings

BANNER = """\
DGS-Pay sandbox. This is not DGS-Pay: no bank, no money, nothing kept.

  Open             {url}/  (what happens here, and the test cards)
  API              {url}{prefix}
  API key          {credentials.api_key}
  Account number   {credentials.account_number}
  Encryption key   {credentials.encryption_key}
  Webhook secret   {credentials.webhook_secret}
  PIN, OTP         {pin}, {otp}
  Dialect          {dialect}: {changes}

Ctrl-C ends it.
"""


def main(arguments: list[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    dialect = DIALECTS[options.dialect]
    given = Credentials(
        options.api_key,
        options.account_number,
        options.encryption_key,
        options.webhook_secret,
    )
    try:
        app = create_app(
            Settings(
                given,
                options.nonce_format or dialect.nonce_format,
                options.webhook_url,
                dialect=dialect,
            )
        )
    except ValueError:
        sys.exit("--encryption-key must be base64 of 32 bytes.")
    config = uvicorn.Config(
        app,
        host=options.host,
        port=options.port,
        http=CuttableConnection,
        ws="none",
        log_level="warning",
        timeout_keep_alive=75,
        # A request under a long delay must not hold up Ctrl-C.
        timeout_graceful_shutdown=1,
    )
    listener = config.bind_socket()
    # Who reads the banner may connect at once and waits until the server is up.
    listener.listen(config.backlog)
    host, port = listener.getsockname()[:2]
    url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    sys.stdout.write(
        BANNER.format(
            url=url,
            prefix=PREFIX,
            credentials=given,
            pin=RIGHT_PIN,
            otp=RIGHT_OTP,
            dialect=options.dialect,
            changes=dialect.changes,
        )
    )
    sys.stdout.flush()
    uvicorn.Server(config).run([listener])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m dgspay_plugin.sandbox",
        description="A local DGS-Pay for development and tests. It moves no money.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument(
        "--port", type=int, default=8090, help="port to listen on; 0 picks a free one"
    )
    parser.add_argument("--api-key", default=credentials.API_KEY)
    parser.add_argument("--account-number", default=credentials.ACCOUNT_NUMBER)
    parser.add_argument(
        "--encryption-key",
        default=credentials.ENCRYPTION_KEY,
        help="base64 of 32 bytes",
    )
    parser.add_argument("--webhook-secret", default=credentials.WEBHOOK_SECRET)
    parser.add_argument(
        "--nonce-format",
        choices=("12", "24"),
        help="12 hex characters that are the IV, or 24 that decode to it; unless "
        "given, what the dialect has",
    )
    parser.add_argument(
        "--dialect",
        choices=DIALECTS,
        default="published",
        metavar="NAME",
        help="how it speaks where DGS-Pay's pages leave it open: "
        + ", ".join(DIALECTS),
    )
    parser.add_argument(
        "--webhook-url",
        help="where webhooks go for charges without a callback_url; else nowhere",
    )
    return parser


if __name__ == "__main__":
    main()
