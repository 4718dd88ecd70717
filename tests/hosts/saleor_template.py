"""A migrated and seeded Saleor database, made once and kept between runs.

Saleor's migrations take minutes. Their result is kept in the system's temporary
folder, as the files of a stopped cluster that each host copies.
"""

import fcntl
import hashlib
import json
import shutil
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from tests.hosts import postgresql, saleor_seed
from tests.hosts.host import STAFF_EMAIL, STAFF_PASSWORD, Channel
from tests.hosts.network import end
from tests.hosts.postgresql import Cluster
from tests.hosts.saleor_site import CREATE_STAFF_USER, SaleorSite, saleor_root


class Template:
    """The files of a ready database, and what was put into it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.cluster_folder = folder / "cluster"
        self._channels = folder / "channels.json"

    def channels(self) -> dict[str, Channel]:
        """The seeded channels by currency."""
        channels = [Channel(**c) for c in json.loads(self._channels.read_text())]
        return {channel.currency: channel for channel in channels}

    def make(self) -> None:
        cluster = Cluster(self.cluster_folder)
        cluster.create()
        cluster.start()
        site_folder = self._folder / "site"
        site_folder.mkdir()
        try:
            site = SaleorSite(site_folder, cluster.url)
            site.migrate()
            site.create_staff_user(STAFF_EMAIL, STAFF_PASSWORD)
            server = site.serve()
            try:
                channels = saleor_seed.seed(f"{site.url}/graphql/")
            finally:
                end(server)
        finally:
            cluster.stop()
        shutil.rmtree(site_folder)
        self._channels.write_text(json.dumps([asdict(c) for c in channels]))


def ready_template() -> Template:
    """The template for this Saleor; made now if no earlier run has left one."""
    name = f"dgspay-saleor-template-{_key()}"
    cache = Path(tempfile.gettempdir()) / name
    with _only_one_run(cache.with_name(f"{name}.lock")):
        if not cache.exists():
            _make(cache)
    return Template(cache)


def _make(cache: Path) -> None:
    """Make a template that has its final name only once it is whole."""
    with tempfile.TemporaryDirectory(prefix="dgspay-saleor-unfinished-") as parent:
        # The database server may run as another user, who must reach its files.
        Path(parent).chmod(0o711)
        unfinished = Path(parent) / "template"
        Template(unfinished).make()
        unfinished.rename(cache)


def _key() -> str:
    """Saleor's version, and a digest of what else decides the template's content."""
    project = tomllib.loads((saleor_root() / "pyproject.toml").read_text())
    sources = (Path(saleor_seed.__file__), CREATE_STAFF_USER)
    digest = hashlib.sha256(postgresql.version().encode())
    for source in sources:
        digest.update(source.read_bytes())
    # Saleor 3.21 and older were packaged by poetry.
    described = project.get("project") or project["tool"]["poetry"]
    return f"{described['version']}-{digest.hexdigest()[:12]}"


@contextmanager
def _only_one_run(lock: Path) -> Iterator[None]:
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
