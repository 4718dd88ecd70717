"""The class that every plugin extends (``saleor.plugins.base_plugin``).

Of the hooks that Saleor calls, only those of a payment gateway are here, and the one
that is asked before an order is made. A hook that a plugin does not define must not
exist on it, so they are only annotated.
"""

from collections.abc import Callable
from copy import copy
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse

from ..payment.interface import (
    GatewayResponse,
    PaymentData,
    PaymentGateway,
    PaymentGatewayData,
    TransactionActionData,
    TransactionSessionData,
    TransactionSessionResult,
)
from .models import PluginConfiguration

if TYPE_CHECKING:
    from ..channel.models import Channel
    from ..checkout.fetch import CheckoutInfo, CheckoutLineInfo
    from ..checkout.models import Checkout
    from ..order.models import Order

PluginConfigurationType = list[dict]


class ConfigurationTypeField:
    STRING = "String"
    MULTILINE = "Multiline"
    BOOLEAN = "Boolean"
    SECRET = "Secret"
    SECRET_MULTILINE = "SecretMultiline"
    PASSWORD = "Password"
    OUTPUT = "OUTPUT"
    CHOICES = [
        (STRING, "Field is a String"),
        (MULTILINE, "Field is a Multiline"),
        (BOOLEAN, "Field is a Boolean"),
        (SECRET, "Field is a Secret"),
        (PASSWORD, "Field is a Password"),
        (SECRET_MULTILINE, "Field is a Secret multiline"),
        (OUTPUT, "Field is a read only"),
    ]


class BasePlugin:
    PLUGIN_NAME = ""
    PLUGIN_ID = ""
    PLUGIN_DESCRIPTION = ""
    CONFIG_STRUCTURE = None

    CONFIGURATION_PER_CHANNEL = True
    DEFAULT_CONFIGURATION = []
    DEFAULT_ACTIVE = False
    HIDDEN = False

    process_payment: Callable[[PaymentData, Any], GatewayResponse]
    confirm_payment: Callable[[PaymentData, Any], GatewayResponse]
    capture_payment: Callable[[PaymentData, Any], GatewayResponse]
    refund_payment: Callable[[PaymentData, Any], GatewayResponse]
    void_payment: Callable[[PaymentData, Any], GatewayResponse]
    payment_gateway_initialize_session: Callable[
        [Decimal, list[PaymentGatewayData] | None, "Checkout | Order", Any],
        list[PaymentGatewayData],
    ]
    transaction_initialize_session: Callable[
        [TransactionSessionData, Any], TransactionSessionResult
    ]
    transaction_process_session: Callable[
        [TransactionSessionData, Any], TransactionSessionResult
    ]
    transaction_charge_requested: Callable[[TransactionActionData, Any], None]
    transaction_refund_requested: Callable[[TransactionActionData, Any], None]
    transaction_cancelation_requested: Callable[[TransactionActionData, Any], None]
    preprocess_order_creation: Callable[
        ["CheckoutInfo", "list[CheckoutLineInfo] | None", Any], Any
    ]
    get_payment_config: Callable[[Any], Any]
    get_supported_currencies: Callable[[Any], Any]
    webhook: Callable[[HttpRequest, str, Any], HttpResponse]

    @classmethod
    def check_plugin_id(cls, plugin_id: str) -> bool:
        return plugin_id == cls.PLUGIN_ID

    def __init__(
        self,
        *,
        configuration: PluginConfigurationType,
        active: bool,
        channel: "Channel | None" = None,
        requestor_getter: Callable[[], Any] | None = None,
        db_config: PluginConfiguration | None = None,
        allow_replica: bool = True,
    ):
        self.configuration = self.get_plugin_configuration(configuration)
        self.active = active
        self.channel = channel
        self.requestor = requestor_getter() if requestor_getter else None
        self.db_config = db_config
        self.allow_replica = allow_replica

    def __del__(self) -> None:
        # As in Saleor: what a plugin keeps in its configuration dies with it.
        self.channel = None
        self.db_config = None
        self.configuration.clear()
        self.requestor = None

    def __str__(self) -> str:
        return self.PLUGIN_NAME

    def is_event_active(self, event: str, channel: str | None = None) -> bool:
        return hasattr(self, event)

    def token_is_required_as_payment_input(self, previous_value: Any) -> Any:
        return previous_value

    def get_payment_gateways(
        self,
        currency: str | None,
        checkout_info: "CheckoutInfo | None",
        checkout_lines: "list[CheckoutLineInfo] | None",
        previous_value: Any,
    ) -> list[PaymentGateway]:
        config = (
            self.get_payment_config(previous_value)
            if hasattr(self, "get_payment_config")
            else []
        )
        currencies = (
            self.get_supported_currencies([])
            if hasattr(self, "get_supported_currencies")
            else []
        )
        if currency and currency not in currencies:
            return []
        return [
            PaymentGateway(
                id=self.PLUGIN_ID,
                name=self.PLUGIN_NAME,
                config=config,
                currencies=currencies,
            )
        ]

    @classmethod
    def validate_plugin_configuration(
        cls, plugin_configuration: PluginConfiguration, **kwargs: Any
    ) -> None:
        """Raise ValidationError for a configuration that cannot work."""

    @classmethod
    def pre_save_plugin_configuration(
        cls, plugin_configuration: PluginConfiguration
    ) -> None:
        """Do what must be done before a valid configuration is saved."""

    @classmethod
    def save_plugin_configuration(
        cls, plugin_configuration: PluginConfiguration, cleaned_data: dict[str, Any]
    ) -> PluginConfiguration:
        if changes := cleaned_data.get("configuration"):
            cls._update_config_items(changes, plugin_configuration.configuration)
        if "active" in cleaned_data:
            plugin_configuration.active = cleaned_data["active"]

        cls.validate_plugin_configuration(plugin_configuration)
        cls.pre_save_plugin_configuration(plugin_configuration)
        plugin_configuration.save()

        if plugin_configuration.configuration:
            cls._append_config_structure(plugin_configuration.configuration)
        return plugin_configuration

    @classmethod
    def _update_config_items(
        cls,
        configuration_to_update: PluginConfigurationType,
        current_config: PluginConfigurationType,
    ) -> None:
        """Change the current items in place and add those that are new.

        A value of None and a value for an unknown name or for an OUTPUT field
        change nothing.
        """
        structure = cls.CONFIG_STRUCTURE or {}
        items = {item["name"]: item for item in current_config}
        for change in configuration_to_update:
            name = change["name"]
            if name not in items and not structure.get(name):
                continue
            value = cls._clean_configuration_value(
                structure.get(name, {}).get("type"), change.get("value")
            )
            if value is None:
                continue
            if name in items:
                items[name]["value"] = value
            else:
                items[name] = {"name": name, "value": value}
                current_config.append(items[name])

    @classmethod
    def _clean_configuration_value(cls, item_type: str | None, new_value: Any) -> Any:
        if item_type == ConfigurationTypeField.OUTPUT:
            return None
        if item_type == ConfigurationTypeField.BOOLEAN and isinstance(new_value, str):
            return new_value and new_value.lower() == "true"
        return new_value

    @classmethod
    def _append_config_structure(cls, configuration: PluginConfigurationType) -> None:
        """Add type, help text and label to each item; drop unknown items."""
        structure = cls.CONFIG_STRUCTURE or {}
        configuration[:] = [
            item for item in configuration if structure.get(item.get("name"))
        ]
        for item in configuration:
            item.update(structure[item["name"]])

    @classmethod
    def _update_configuration_structure(
        cls, configuration: PluginConfigurationType
    ) -> PluginConfigurationType:
        """Return a copy without unknown items, with defaults for missing ones."""
        names = set(cls.CONFIG_STRUCTURE or {})
        known = [copy(item) for item in configuration if item["name"] in names]
        missing = names - {item["name"] for item in known}
        defaults = cls.DEFAULT_CONFIGURATION or []
        return known + [copy(item) for item in defaults if item["name"] in missing]

    @classmethod
    def get_default_active(cls) -> bool:
        return cls.DEFAULT_ACTIVE

    def get_plugin_configuration(
        self, configuration: PluginConfigurationType
    ) -> PluginConfigurationType:
        configuration = self._update_configuration_structure(configuration or [])
        self._append_config_structure(configuration)
        return configuration

    def resolve_plugin_configuration(self, request: Any) -> PluginConfigurationType:
        return self.configuration
