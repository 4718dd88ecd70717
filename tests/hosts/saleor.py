"""Real Saleor with PostgreSQL, from a checkout that the developer has."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.hosts.collector import Collector
from tests.hosts.commands import run
from tests.hosts.host import Channel
from tests.hosts.network import end
from tests.hosts.postgresql import Cluster, programs_folder
from tests.hosts.saleor_site import SaleorSite, saleor_root
from tests.hosts.saleor_template import ready_template
from tests.hosts.scheduler import COMPLETE_PAID_CHECKOUTS


def missing_saleor() -> str | None:
    """Why real Saleor cannot run here, or None if it can."""
    if reason := _incomplete_checkout():
        return reason
    try:
        programs_folder()
    except FileNotFoundError as missing:
        return f"real Saleor needs a database: {missing}"
    return None


def broken_saleor() -> str | None:
    """Why the checkout that somebody has put here, or named, cannot be used."""
    is_named = "SALEOR_ROOT" in os.environ
    is_here = (saleor_root() / "saleor/asgi").exists()
    return _incomplete_checkout() if is_named or is_here else None


def _incomplete_checkout() -> str | None:
    for needed in ("saleor/asgi", ".venv/bin/python"):
        if not (saleor_root() / needed).exists():
            return (
                f"real Saleor is not here: {saleor_root()} has no {needed}. Set"
                " SALEOR_ROOT to a checkout of saleor/saleor, 3.21 or later, with its"
                " dependencies in .venv"
            )
    return None


def _see_that_its_packages_are_there() -> None:
    """
    Raises:
        RuntimeError: They are not. The plugin's installation would take minutes to
            bring some of them.
    """
    run([saleor_root() / ".venv/bin/python", "-c", "import django, graphene, uvicorn"])


class SaleorHost:
    """A Saleor server with a database of its own."""

    name = "saleor"

    def __init__(
        self,
        workers: int = 1,
        cache_url: str | None = None,
        collector: Collector | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Make its environment.

        Args:
            cache_url: Saleor's CACHE_URL; files that outlive a killed server if None.
            collector: has the store observed.
            environment: what its operator sets besides, as a Celery broker.
        """
        self.collector = collector
        self._workers = workers
        self._server: subprocess.Popen[bytes] | None = None
        self._celery: dict[str, subprocess.Popen[bytes]] = {}
        self._completes_paid_checkouts = False
        _see_that_its_packages_are_there()
        self._template = ready_template()
        self.channels: dict[str, Channel] = self._template.channels()
        self._folder = Path(tempfile.mkdtemp(prefix="dgspay-saleor-"))
        # The database server may run as another user, who must reach its files.
        self._folder.chmod(0o711)
        self._cluster = Cluster(self._folder / "cluster")
        self.database_url = self._cluster.url
        self._site = SaleorSite(
            self._folder,
            self.database_url,
            cache_url,
            {
                **(collector.environment if collector else {}),
                **(environment or {}),
            },
        )
        self.url = self._site.url

    def start(self) -> None:
        if not self._cluster.folder.exists():
            self._cluster.copy_from(self._template.cluster_folder)
            self._cluster.start()
            self._site.install_plugin()
        self._server = self._site.serve(self._workers)

    def stop(self) -> None:
        self._site.fork_server.stop()
        for program in list(self._celery):
            self.end_celery(program)
        self._end_server(signal.SIGTERM)
        self._cluster.stop()
        shutil.rmtree(self._folder)

    def kill(self) -> None:
        self._end_server(signal.SIGKILL)

    def start_celery(self, program: str) -> None:
        """Start Saleor's "worker" or "beat"; the environment has to name a broker."""
        self._celery[program] = self._site.start_celery(program)

    def end_celery(self, program: str) -> None:
        """Let it end its task, which only it can: a worker's processes are its own."""
        celery = self._celery.pop(program)
        celery.terminate()
        celery.wait(timeout=60)

    def complete_paid_checkouts(self) -> None:
        if not self._completes_paid_checkouts:
            self._site.fork_server.run_beside("shell", "-c", COMPLETE_PAID_CHECKOUTS)
            self._completes_paid_checkouts = True

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self._site.fork_server.run(*arguments)

    def manage_in_new_process(
        self, *arguments: str
    ) -> subprocess.CompletedProcess[str]:
        return self._site.manage_in_new_process(*arguments)

    def log(self) -> str:
        return self._site.log.read_text()

    def database_text(self) -> str:
        """Every row of every table, one a line: the table's name, then JSON."""
        return self._cluster.all_rows()

    def _end_server(self, signal_number: int) -> None:
        if self._server:
            end(self._server, signal_number)
            self._server = None
