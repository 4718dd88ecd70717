"""The key under which a charge is sent, so that it is never made twice."""

import uuid

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://pay.digitalservicescenter.rw")


def idempotency_key(checkout_token: str, payment_id: int, outcomes_stored: int) -> str:
    """The same key for the same press of Pay, another for each new one.

    A press whose outcome was never stored (the worker died) gets the same key when
    it is repeated, so that the provider sees one charge (error 93, "use a unique
    key per request"). The checkout's token is in it because payment ids repeat
    between two stores that share a merchant account.
    """
    return str(
        uuid.uuid5(NAMESPACE, f"{checkout_token}/{payment_id}/{outcomes_stored}")
    )
