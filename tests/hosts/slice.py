"""The embedded stand-in for Saleor as a host. It is NOT Saleor (tests/saleor_slice)."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import requests

from tests.saleor_slice.catalogue import (
    PRICES,
    SHIPPED_PRICES,
    SHIPPING_PRICES,
    channel_slug,
    free_sku,
    shipped_sku,
    sku,
)

from .collector import Collector
from .fork_server import SERVE_COMMANDS, ForkServer
from .host import Channel
from .network import free_port, wait_until_answers
from .scheduler import COMPLETE_PAID_CHECKOUTS

REPOSITORY = Path(__file__).parents[2]
SECONDS_TO_START = 60
SECONDS_TO_STOP = 10


class SliceHost:
    name = "slice"

    def __init__(
        self,
        port: int | None = None,
        data_dir: Path | None = None,
        collector: Collector | None = None,
    ) -> None:
        """Prepare a store; it is new unless ``data_dir`` has one already."""
        self.collector = collector
        self._environment = {
            **os.environ,
            **(collector.environment if collector else {}),
        }
        self._port = port or free_port()
        self._is_temporary = data_dir is None
        self._data_dir = data_dir or Path(tempfile.mkdtemp(prefix="saleor-slice-"))
        self._log_path = self._data_dir / "server.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._completes_paid_checkouts = False
        self._fork_server = ForkServer(
            [*self._command("run"), SERVE_COMMANDS],
            self._log_path,
            cwd=REPOSITORY,
            env=self._environment,
        )
        self.url = f"http://127.0.0.1:{self._port}"
        self.channels: dict[str, Channel] = {}

    def start(self) -> None:
        self._data_dir.mkdir(parents=True, exist_ok=True)
        with self._log_path.open("ab") as log:
            self._process = subprocess.Popen(
                self._command(),
                cwd=REPOSITORY,
                env=self._environment,
                stdout=log,
                stderr=log,
            )
        wait_until_answers(self.url, self._process, self._log_path, SECONDS_TO_START)
        self.channels = {currency: self._channel(currency) for currency in PRICES}

    def stop(self) -> None:
        self._fork_server.stop()
        if self._process:
            self._process.terminate()
            try:
                self._process.wait(SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                self.kill()
        if self._is_temporary:
            shutil.rmtree(self._data_dir, ignore_errors=True)

    def kill(self) -> None:
        assert self._process, "The host was not started."
        self._process.kill()
        self._process.wait()

    def complete_paid_checkouts(self) -> None:
        if not self._completes_paid_checkouts:
            self._fork_server.run_beside("shell", "-c", COMPLETE_PAID_CHECKOUTS)
            self._completes_paid_checkouts = True

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self._fork_server.run(*arguments)

    def manage_in_new_process(
        self, *arguments: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self._command("manage"), *arguments],
            cwd=REPOSITORY,
            env=self._environment,
            capture_output=True,
            text=True,
        )

    def log(self) -> str:
        return self._log_path.read_text(errors="replace")

    def database_text(self) -> str:
        """Every row of every table, one a line: the table's name, then JSON."""
        with closing(sqlite3.connect(self._data_dir / "store.sqlite3")) as database:
            tables = database.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table'"
            ).fetchall()
            return "\n".join(
                f"{table} {json.dumps(row)}"
                for (table,) in tables
                for row in database.execute(f'SELECT * FROM "{table}"')
            )

    def _command(self, *action: str) -> list[str]:
        return [
            *(sys.executable, "-m", "tests.saleor_slice", *action),
            *("--data-dir", str(self._data_dir), "--port", str(self._port)),
        ]

    def _channel(self, currency: str) -> Channel:
        return Channel(
            slug=channel_slug(currency),
            currency=currency,
            variant_id=self._variant_id(sku(currency)),
            price=PRICES[currency],
            shipped_variant_id=self._variant_id(shipped_sku(currency)),
            shipped_price=SHIPPED_PRICES[currency],
            shipping_price=SHIPPING_PRICES[currency],
            free_variant_id=self._variant_id(free_sku(currency)),
        )

    def _variant_id(self, sku: str) -> str:
        answer = requests.post(
            f"{self.url}/graphql/",
            json={
                "query": "query($sku: String) { productVariant(sku: $sku) { id } }",
                "variables": {"sku": sku},
            },
            timeout=10,
        )
        variant_id: str = answer.json()["data"]["productVariant"]["id"]
        return variant_id
