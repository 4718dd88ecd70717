"""A long way to the provider: TLS, and the time that each round trip takes."""

import asyncio
import datetime
import ipaddress
import ssl
import threading
from contextlib import suppress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from tests.hosts.network import free_port

LOOPBACK = "127.0.0.1"


class SlowLine:
    """A relay to a port of this machine, as far away as ``round_trip`` seconds.

    As a proxy it takes HTTP's CONNECT first.
    """

    def __init__(
        self, target_port: int, round_trip: float, *, is_proxy: bool = False
    ) -> None:
        self.port = free_port()
        self.round_trip = round_trip
        self._target_port = target_port
        self._is_proxy = is_proxy
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def start(self) -> None:
        self._thread.start()
        serving = asyncio.start_server(self._take, LOOPBACK, self.port)
        asyncio.run_coroutine_threadsafe(serving, self._loop).result()

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._hang_up(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    async def _hang_up(self) -> None:
        connections = asyncio.all_tasks() - {asyncio.current_task()}
        for connection in connections:
            connection.cancel()
        await asyncio.gather(*connections, return_exceptions=True)

    async def _take(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        # Loopback has no SYN and SYN-ACK to wait for.
        await asyncio.sleep(self.round_trip)
        if self._is_proxy:
            await reader.readuntil(b"\r\n\r\n")
            await asyncio.sleep(self.round_trip)
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        far_reader, far_writer = await asyncio.open_connection(
            LOOPBACK, self._target_port
        )
        with suppress(asyncio.CancelledError):
            await asyncio.gather(
                self._carry(reader, far_writer), self._carry(far_reader, writer)
            )

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        one_way = self.round_trip / 2
        with suppress(ConnectionResetError):
            while data := await reader.read(65536):
                self._loop.call_later(one_way, writer.write, data)
        self._loop.call_later(one_way, writer.close)


def make_certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for 127.0.0.1, as a file to trust and as a server's context."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bench")])
    address = x509.IPAddress(ipaddress.ip_address(LOOPBACK))
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, SHA256())
    )
    certificate_file, key_file = folder / "certificate.pem", folder / "key.pem"
    certificate_file.write_bytes(certificate.public_bytes(Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate_file, key_file)
    return certificate_file, context
