"""A memory of the nonces that were sent, because one must not be used twice."""

import hashlib
import secrets
import threading
from collections import OrderedDict


class RecentNonces:
    """The nonces of this process's recent payments, as keyed digests.

    AES-GCM loses its secrecy when a nonce repeats under a key (NIST SP 800-38D,
    section 8). The key of the digest lives and dies with the process, so that a
    memory dump does not give the nonces away. Safe to share between threads.
    """

    def __init__(self, capacity: int = 10_000) -> None:
        self._capacity = capacity
        self._digest_key = secrets.token_bytes(32)
        self._attempts: OrderedDict[bytes, str] = OrderedDict()
        self._lock = threading.Lock()

    def is_fresh_for(self, attempt: str, nonce: str) -> bool:
        """Whether no other attempt has used the nonce; it is remembered for this one.

        The same attempt may come again: a press that is repeated after a crash.
        """
        digest = hashlib.blake2b(nonce.encode(), key=self._digest_key).digest()
        with self._lock:
            used_by = self._attempts.setdefault(digest, attempt)
            if len(self._attempts) > self._capacity:
                self._attempts.popitem(last=False)
        return used_by == attempt
