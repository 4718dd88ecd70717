"""What a customer is about to pay, whichever of Saleor's APIs carries it."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol

from dgspay_plugin.goods import Goods
from dgspay_plugin.payment.customer import PostalAddress
from dgspay_plugin.payment.money import Money
from dgspay_plugin.records.charge_id import ChargeId
from dgspay_plugin.records.history import History
from dgspay_plugin.records.other_charges import OtherCharges


class Purchase(Protocol):
    """One charge, from the press of Pay to its end."""

    charge_id: ChargeId
    price: Money
    """What is to be charged, with as many decimals as Saleor keeps."""
    history: History
    storefront_data: object
    """What the storefront sent with this step."""
    customer_email: str | None
    addresses: tuple[PostalAddress | None, ...]
    """The billing address first."""
    narration_reference: str
    """By what the owner finds it: the order's number, or the checkout's token."""

    @abstractmethod
    def interrupted_since(self) -> datetime | None:
        """When another press began that may have sent a request without a result."""

    @abstractmethod
    def is_overtaken(self) -> bool:
        """Whether a later press came in first, and waits for what this one sends."""

    @abstractmethod
    def callback_url(self) -> str:
        """Where DGS-Pay's webhook for this charge goes."""

    @abstractmethod
    def idempotency_key(self) -> str:
        """The same for a press of Pay that is repeated, another for each new one."""

    @abstractmethod
    def return_url(self, shops_page: str) -> str:
        """Where the customer comes back from the bank.

        Args:
            shops_page: the configured one, where the storefront names none.
        """

    @abstractmethod
    def goods(self) -> Goods:
        """What is paid for, as it is now, under the lock."""

    @abstractmethod
    def other_charges(self) -> OtherCharges:
        """The other payments for the same goods, under the lock."""

    @abstractmethod
    def begin_attempt(self) -> bool:
        """See that the mark of this attempt is committed before anything is sent.

        Returns:
            Whether the lock was let go for it, so that the goods and the other
            charges have to be looked at once more.

        Raises:
            Refusal: payment_in_doubt, if another press was quicker.
        """
