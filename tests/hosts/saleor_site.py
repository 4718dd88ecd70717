"""What an operator sets up around Saleor: environment, database, plugin, server."""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from tests.hosts.commands import run
from tests.hosts.fork_server import SERVE_COMMANDS, ForkServer
from tests.hosts.network import free_port, wait_until_answers

REPOSITORY = Path(__file__).parents[2]
IN_SALEOR = Path(__file__).parent / "in_saleor"
CREATE_STAFF_USER = IN_SALEOR / "create_staff_user.py"
BYTECODE = Path(tempfile.gettempdir()) / "dgspay-saleor-bytecode"

CELERY_PROGRAMS = {
    "worker": ["--concurrency=1", "--events", "--loglevel=INFO"],
    "beat": ["--scheduler=saleor.schedulers.schedulers.DatabaseScheduler"],
}


def saleor_root() -> Path:
    return Path(os.environ.get("SALEOR_ROOT", "~/saleor")).expanduser().resolve()


class SaleorSite:
    """Saleor's code with an environment and a folder of its own.

    Nothing is written into Saleor's checkout: packages go into a virtual
    environment that lies on top of Saleor's.
    """

    def __init__(
        self,
        folder: Path,
        database_url: str,
        cache_url: str | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """
        Args:
            environment: what is set besides, as for Sentry and OpenTelemetry.
        """
        self._folder = folder
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self.log = folder / "server.log"
        self._python = self._make_virtual_environment()
        self._environment = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "PYTHONPYCACHEPREFIX": str(BYTECODE),
            "DJANGO_SETTINGS_MODULE": "host_settings",
            "DATABASE_URL": database_url,
            "DEBUG": "False",
            "SECRET_KEY": secrets.token_hex(),
            "RSA_PRIVATE_KEY": _new_rsa_key(),
            "ALLOWED_HOSTS": "127.0.0.1",
            "ALLOWED_CLIENT_HOSTS": "127.0.0.1",
            "PUBLIC_URL": self.url,
            # Files, so that what is cached outlives a killed server, as in Redis.
            "CACHE_URL": cache_url or f"file://{folder / 'cache'}",
            "JWT_TTL_ACCESS": "1 day",
            "SEND_USAGE_TELEMETRY": "False",
            "POPULATE_DEFAULTS": "False",
            **(environment or {}),
        }
        self.fork_server = ForkServer(
            [self._python, SERVE_COMMANDS], self.log, folder, self._environment
        )

    def install_plugin(self) -> None:
        """Install this repository with pip, as a shop does, with what Saleor lacks."""
        source = self._folder / "source"
        shutil.copytree(REPOSITORY / "dgspay_plugin", source / "dgspay_plugin")
        for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(REPOSITORY / name, source)
        pip = [sys.executable, "-m", "pip", "--python", self._python, "--quiet"]
        run([*pip, "install", source])

    def manage_in_new_process(
        self, *arguments: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self._python, saleor_root() / "manage.py", *arguments],
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def migrate(self) -> None:
        self._run_script(saleor_root() / "manage.py", "migrate")

    def create_staff_user(self, email: str, password: str) -> None:
        self._run_script(CREATE_STAFF_USER, email, password)

    def serve(self, workers: int = 1) -> subprocess.Popen[bytes]:
        """Start the server in a process group of its own; return when it answers."""
        command = [str(self._python), "-m", "uvicorn", "saleor.asgi:application"]
        options = [
            f"--port={self._port}",
            f"--workers={workers}",
            "--lifespan=off",
            "--timeout-graceful-shutdown=5",
        ]
        with self.log.open("ab") as log:
            server = subprocess.Popen(
                command + options,
                cwd=self._folder,
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until_answers(f"{self.url}/health/", server, self.log, timeout=120)
        return server

    def start_celery(self, program: str) -> subprocess.Popen[bytes]:
        """Start one of `CELERY_PROGRAMS`, in a process group of its own.

        The commands are those of Saleor's own pyproject.toml.
        """
        command = [str(self._python), "-m", "celery", "--app=saleor.celeryconf:app"]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [*command, program, *CELERY_PROGRAMS[program]],
                cwd=self._folder,
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _run_script(self, script: Path, *arguments: str) -> None:
        command = [self._python, script, *arguments]
        run(command, cwd=self._folder, env=self._environment)

    def _make_virtual_environment(self) -> Path:
        saleor_environment = saleor_root() / ".venv"
        folder = self._folder / "venv"
        run([saleor_environment / "bin/python", "-m", "venv", "--without-pip", folder])
        (packages,) = folder.glob("lib/python*/site-packages")
        (saleor_packages,) = saleor_environment.glob("lib/python*/site-packages")
        paths = (saleor_packages, saleor_root(), IN_SALEOR)
        (packages / "saleor.pth").write_text("\n".join(map(str, paths)))
        return folder / "bin/python"


def _new_rsa_key() -> str:
    """The key with which Saleor signs its tokens, as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem.decode()
