"""What Saleor hands to a payment plugin and gets back (``saleor.payment.interface``).

Amounts are Decimal in major units.
"""

from collections.abc import Callable
from dataclasses import InitVar, dataclass, field
from decimal import Decimal
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..app.models import App
    from ..checkout.models import Checkout
    from ..order.models import Order
    from .models import TransactionEvent, TransactionItem

JSONValue = str | int | float | bool | None | dict[str, Any] | list[Any]
JSONType = dict[str, JSONValue] | list[JSONValue]


@dataclass
class PaymentGateway:
    id: str
    name: str
    currencies: list[str]
    config: list[dict[str, Any]]


@dataclass
class TransactionActionData:
    action_type: str
    transaction: "TransactionItem"
    event: "TransactionEvent"
    transaction_app_owner: "App | None"
    action_value: Decimal
    granted_refund: None = None


@dataclass
class TransactionData:
    token: str
    is_success: bool
    kind: str
    gateway_response: JSONType
    amount: dict[str, str]


@dataclass
class PaymentGatewayData:
    app_identifier: str
    data: JSONValue | None = None
    error: str | None = None


@dataclass
class TransactionProcessActionData:
    action_type: str
    amount: Decimal
    currency: str


@dataclass
class TransactionSessionData:
    transaction: "TransactionItem"
    source_object: "Checkout | Order"
    action: TransactionProcessActionData
    payment_gateway_data: PaymentGatewayData
    customer_ip_address: str | None
    idempotency_key: str | None = None


@dataclass
class TransactionSessionResult:
    app_identifier: str
    response: dict[Any, Any] | None = None
    error: str | None = None


@dataclass
class PaymentMethodInfo:
    first_4: str | None = None
    last_4: str | None = None
    exp_year: int | None = None
    exp_month: int | None = None
    brand: str | None = None
    name: str | None = None
    type: str | None = None


@dataclass
class GatewayResponse:
    is_success: bool
    action_required: bool
    kind: str
    amount: Decimal
    currency: str
    transaction_id: str
    error: str | None
    customer_id: str | None = None
    payment_method_info: PaymentMethodInfo | None = None
    raw_response: dict[str, str] | None = None
    action_required_data: JSONType | None = None
    transaction_already_processed: bool = False
    psp_reference: str | None = None


@dataclass
class AddressData:
    first_name: str
    last_name: str
    company_name: str
    street_address_1: str
    street_address_2: str
    city: str
    city_area: str
    postal_code: str
    country: str
    country_area: str
    phone: str
    metadata: dict | None
    private_metadata: dict | None
    validation_skipped: bool = False


class StorePaymentMethodEnum(str, Enum):
    NONE = "NONE"
    ON_SESSION = "ON_SESSION"
    OFF_SESSION = "OFF_SESSION"


@dataclass
class PaymentLineData:
    amount: Decimal
    variant_id: int
    product_name: str
    product_sku: str | None
    quantity: int


@dataclass
class PaymentLinesData:
    shipping_amount: Decimal
    voucher_amount: Decimal
    lines: list[PaymentLineData]


@dataclass
class RefundData:
    order_lines_to_refund: list[Any] = field(default_factory=list)
    fulfillment_lines_to_refund: list[Any] = field(default_factory=list)
    refund_shipping_costs: bool = False
    refund_amount_is_automatically_calculated: bool = True


@dataclass
class PaymentData:
    gateway: str
    amount: Decimal
    currency: str
    billing: AddressData | None
    shipping: AddressData | None
    payment_id: int
    graphql_payment_id: str
    order_id: str | None
    customer_ip_address: str | None
    customer_email: str
    order_channel_slug: str | None = None
    token: str | None = None
    customer_id: str | None = None
    reuse_source: bool = False
    data: dict | None = None
    graphql_customer_id: str | None = None
    checkout_token: str | None = None
    checkout_metadata: dict | None = None
    store_payment_method: StorePaymentMethodEnum = StorePaymentMethodEnum.NONE
    payment_metadata: dict[str, str] = field(default_factory=dict)
    psp_reference: str | None = None
    refund_data: RefundData | None = None
    transactions: list[TransactionData] = field(default_factory=list)
    _resolve_lines_data: InitVar[Callable[[], PaymentLinesData]] = None

    def __post_init__(
        self, _resolve_lines_data: Callable[[], PaymentLinesData]
    ) -> None:
        self.__resolve_lines_data = _resolve_lines_data

    @cached_property
    def lines_data(self) -> PaymentLinesData:
        return self.__resolve_lines_data()
