"""A PostgreSQL cluster of our own, in a folder that may be copied and removed."""

import os
import shutil
from pathlib import Path

from tests.hosts.commands import run
from tests.hosts.network import free_port

DATABASE = "postgres"
USER = "postgres"


class Cluster:
    """One cluster that only this machine reaches, with safety traded for speed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._programs = programs_folder()
        self._port = free_port()
        self.url = f"postgres://{USER}@127.0.0.1:{self._port}/{DATABASE}"

    def create(self) -> None:
        self.folder.mkdir(parents=True)
        self._give_to_server()
        self._run("initdb", "--auth=trust", f"--username={USER}", "--wal-segsize=1")

    def copy_from(self, template: Path) -> None:
        """Start from the data of a cluster that is not running."""
        shutil.copytree(template, self.folder)
        self._give_to_server()

    def start(self) -> None:
        # The connections are for 200 customers who pay at once, and their shop.
        options = (
            f"-p {self._port} -c listen_addresses=127.0.0.1"
            " -c unix_socket_directories='' -c max_connections=300"
            " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        )
        log = self.folder / "server.log"
        self._run("pg_ctl", "start", "--wait", "--timeout=60", "-l", log, "-o", options)

    def stop(self) -> None:
        if (self.folder / "postmaster.pid").exists():
            self._run("pg_ctl", "stop", "--mode=fast", "--wait")

    def all_rows(self) -> str:
        """Every row of every table, one a line: the table's name, then JSON."""
        statements = (
            "SELECT format('SELECT %L || row_to_json(r)::text FROM %I r',"
            " tablename || ' ', tablename) FROM pg_tables"
            " WHERE schemaname = 'public' ORDER BY tablename \\gexec"
        )
        psql = [self._programs / "psql", "-X", "-q", "-t", "-A", self.url]
        return run(psql, input=statements)

    def _run(self, program: str, *arguments: str | Path) -> None:
        run(
            [self._programs / program, "-D", self.folder, *arguments],
            cwd=self.folder,
            # PostgreSQL refuses to run as root: root hands over to its own user.
            user=USER if os.geteuid() == 0 else None,
        )

    def _give_to_server(self) -> None:
        if os.geteuid() == 0:
            run(["chown", "-R", USER, self.folder])
        self.folder.chmod(0o700)


def programs_folder() -> Path:
    """Where PostgreSQL's programs are; Debian keeps the server's off the PATH.

    Raises:
        FileNotFoundError: No PostgreSQL server is installed here.
    """
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += Path("/usr/lib/postgresql").glob("*/bin")
    for folder in folders:
        if all((folder / name).exists() for name in ("initdb", "pg_ctl", "psql")):
            return folder
    raise FileNotFoundError("PostgreSQL's initdb, pg_ctl and psql are not installed")


def version() -> str:
    """The server's version, such as "postgres (PostgreSQL) 15.18"."""
    return run([programs_folder() / "postgres", "--version"])
