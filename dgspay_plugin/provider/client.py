"""Talk to DGS-Pay over HTTP."""

import itertools
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pydantic import SecretStr
from urllib3 import Timeout
from urllib3.exceptions import HTTPError

from dgspay_plugin.payment.card_data import Address, Authorization, EncryptedPin
from dgspay_plugin.payment.outcome import ProviderTransaction
from dgspay_plugin.provider.connections import (
    Connections,
    NotConnected,
    shared_connections,
)
from dgspay_plugin.provider.errors import NotSent, OutcomeUnknown
from dgspay_plugin.provider.json_text import read_json, write_json
from dgspay_plugin.provider.measurement import measured
from dgspay_plugin.provider.messages import (
    ChargeRequest,
    TransactionRow,
    UnreadableRow,
    raise_for_error,
    read_transaction,
    read_transactions,
)

if TYPE_CHECKING:
    # urllib3 1.26, which Saleor 3.21 has, calls it otherwise.
    from urllib3 import BaseHTTPResponse

LIVE_URL = "https://pay.digitalservicescenter.rw/generation/v2"
SANDBOX_URL = "https://test.pay.digitalservicescenter.rw/generation/v2"

# Seconds to connect, and for all of a response.
CONNECT_TIMEOUT = 5.0
READ_TIMEOUT = 30.0
# Below the 60 seconds after which a usual proxy gives up on the store's own answer.
TIME_BUDGET = 50.0
PAUSES_BETWEEN_CONNECTS = (0.2, 1.0)
MAX_ANSWER_BYTES = 1_000_000
TRANSACTIONS_PER_PAGE = 100


class DgsPayClient:
    """DGS-Pay's API for one merchant, for the length of one request to the store.

    Every method may raise the errors of `dgspay_plugin.provider.errors`. Only
    connecting is ever tried again: once something was sent it may have had effect.

    Args:
        base_url: `LIVE_URL`, `SANDBOX_URL` or that of a sandbox of one's own.
        account_number: like ACC-0001234.
        time_budget: seconds that all calls of this client may take together.
        connect_timeout: seconds to connect, a proxy and TLS included.
        read_timeout: seconds for all of a response.
        connections: those of the process to that URL, unless others are given.
        sleep: waits so many seconds, between two tries to connect.
        clock: seconds that go forward alone, whatever they count from.
    """

    def __init__(
        self,
        base_url: str,
        api_key: SecretStr,
        account_number: str,
        *,
        time_budget: float = TIME_BUDGET,
        connect_timeout: float = CONNECT_TIMEOUT,
        read_timeout: float = READ_TIMEOUT,
        connections: Connections | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._base_url = base_url
        self._api_key = api_key
        self._account_number = account_number
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._given_connections = connections
        self._sleep = sleep
        self._clock = clock
        self._ends_at = clock() + time_budget
        self._answered_at: datetime | None = None

    def charge(
        self, request: ChargeRequest, idempotency_key: str
    ) -> ProviderTransaction:
        """Charge a card or a mobile money account: ``POST /charges``."""
        # The name of the header is the one of the processor underneath; DGS-Pay
        # documents the conflict (93), not the header.
        headers = {"X-Idempotency-Key": idempotency_key}
        with measured("charge", payment_type=request.method.payment_type):
            answer = self._send("POST", "charges", request.body(), headers)
            return read_transaction(answer)

    def authorize(
        self, reference: str, authorization: Authorization
    ) -> ProviderTransaction:
        """Hand in what the next action asked for: ``POST /authorize``.

        Raises:
            OutcomeUnknown: also when the answer is about another transaction.
        """
        step = _auth_type(authorization)
        body = {
            "dgs_reference": reference,
            "auth_type": step,
            **authorization.fields(),
        }
        with measured("authorize", step=step):
            answer = read_transaction(self._send("POST", "authorize", body))
            return _about(reference, answer)

    def transaction(self, reference: str) -> ProviderTransaction:
        """How a transaction stands: ``GET /transactions/{dgs_reference}``.

        Raises:
            OutcomeUnknown: also when the answer is about another transaction.
        """
        path = f"transactions/{quote(reference, safe='')}"
        with measured("transaction"):
            return _about(reference, read_transaction(self._send("GET", path)))

    def transactions(self, status: str) -> Iterator[TransactionRow | UnreadableRow]:
        """All transactions of a status, read a page at a time.

        ``GET /transactions``; the status is one of pending, success, failed.

        Raises:
            OutcomeUnknown: also when a page comes a second time, and so without end.
        """
        earlier: list[TransactionRow | UnreadableRow] = []
        for page in itertools.count(1):
            query = f"page={page}&limit={TRANSACTIONS_PER_PAGE}&status={status}"
            with measured("transactions"):
                answer = self._send("GET", f"transactions?{query}")
                rows, pages = read_transactions(answer)
            if rows and rows == earlier:
                raise OutcomeUnknown("a list of transactions that repeats its page")
            yield from rows
            # Where the pages are not counted, the last is the one before an empty one.
            if not rows or (pages is not None and page >= pages):
                return
            earlier = rows

    def balance(self) -> None:
        """Ask for the balance, which proves that the credentials work."""
        with measured("balance"):
            self._send("GET", "balance")

    @property
    def answered_at(self) -> datetime | None:
        """DGS-Pay's clock at its latest answer (RFC 9110, Date)."""
        return self._answered_at

    def _send(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Mapping[str, Any]:
        for pause in PAUSES_BETWEEN_CONNECTS:
            try:
                return self._send_once(method, path, body, headers)
            except NotSent:
                if self._seconds_left() < pause + self._connect_timeout:
                    raise
                self._sleep(pause)
        return self._send_once(method, path, body, headers)

    def _send_once(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None,
        headers: Mapping[str, str] | None,
    ) -> Mapping[str, Any]:
        seconds_left = self._seconds_left()
        if seconds_left <= 0:
            raise NotSent("no time was left to ask DGS-Pay")
        connections = self._connections()
        try:
            with connections.open(
                method,
                path,
                body=None if body is None else write_json(body),
                headers={
                    "Accept": "application/json",
                    "Content-Type": "application/json",
                    "X-DGS-API-Key": self._api_key.get_secret_value(),
                    "X-DGS-ACCOUNT-NUMBER": self._account_number,
                    **(headers or {}),
                },
                timeout=Timeout(
                    total=seconds_left,
                    connect=self._connect_timeout,
                    read=self._read_timeout,
                ),
            ) as response:
                self._answered_at = _date(response)
                return raise_for_error(response.status, _read(response))
        # The causes are not chained: their frames hold the body.
        except NotConnected as error:
            raise NotSent(f"no connection: {error}") from None
        except HTTPError as error:
            raise OutcomeUnknown(f"no answer: {type(error).__name__}") from None

    def _connections(self) -> Connections:
        try:
            return self._given_connections or shared_connections(self._base_url)
        except (OSError, HTTPError) as error:
            why = type(error).__name__
        # Not as part of handling it: its words may hold a proxy's password.
        raise NotSent(f"no way to connect: {why}")

    def _seconds_left(self) -> float:
        return self._ends_at - self._clock()


def _auth_type(authorization: Authorization) -> str:
    if isinstance(authorization, EncryptedPin):
        return "pin"
    return "avs" if isinstance(authorization, Address) else "otp"


def _date(response: "BaseHTTPResponse") -> datetime | None:
    try:
        return parsedate_to_datetime(response.headers.get("Date", ""))
    except (ValueError, OverflowError):
        return None


def _about(reference: str, transaction: ProviderTransaction) -> ProviderTransaction:
    if transaction.reference != reference:
        raise OutcomeUnknown("DGS-Pay answered about another transaction")
    return transaction


def _read(response: "BaseHTTPResponse") -> object:
    """Read a JSON body of a bounded size."""
    content = bytearray()
    # read1 returns what has arrived; read waits for as much as it was asked for.
    # urllib3 1.26 has only that, and the time that there is ends it too.
    read = getattr(response, "read1", response.read)
    while chunk := read(65536, decode_content=True):
        content += chunk
        if len(content) > MAX_ANSWER_BYTES:
            raise OutcomeUnknown("an answer of more than a megabyte")
    try:
        return read_json(content.decode())
    except (ValueError, RecursionError):
        raise OutcomeUnknown(f"HTTP {response.status} and no JSON") from None
