"""What a customer is about to pay, whichever of Saleor's APIs carries it."""

from abc import abstractmethod
from typing import Protocol

from dgspay_plugin.payment.customer import PostalAddress
from dgspay_plugin.payment.money import Money
from dgspay_plugin.provider.client import DgsPayClient
from dgspay_plugin.settlement.history import History
from dgspay_plugin.settlement.subject import Subject


class Purchase(Protocol):
    """One charge, from the press of Pay to its end."""

    subject: Subject
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
    def hold_back_while_in_doubt(self, client: DgsPayClient) -> None:
        """Make sure that no other charge for the same goods has paid, or still may.

        Raises:
            Refusal: already_paid, amount_mismatch or payment_in_doubt.
        """
