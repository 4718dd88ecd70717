"""DGS-Pay as Saleor sees it: the hooks of a payment plugin, one short method each."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from saleor.checkout.fetch import CheckoutInfo, CheckoutLineInfo
from saleor.payment import TransactionKind
from saleor.payment.interface import GatewayResponse, PaymentData, PaymentGateway
from saleor.plugins.base_plugin import BasePlugin
from saleor.plugins.models import PluginConfiguration

from dgspay_plugin.callback_urls import webhook_url
from dgspay_plugin.checkout.open_payment import open_payment_of
from dgspay_plugin.checkout.payments import (
    begin_attempt,
    continue_payment,
    start_payment,
)
from dgspay_plugin.configuration import (
    CONFIG_STRUCTURE,
    DEFAULT_CONFIGURATION,
    Configuration,
    check_credentials,
    currency_codes,
    payment_methods,
    read_configuration,
    values_of,
)
from dgspay_plugin.gateway_app import (
    GATEWAY,
    keep_gateway_app,
    refuse_foreign_app,
)
from dgspay_plugin.metrics import PROBLEMS, count
from dgspay_plugin.payment.refusal import CustomerMessage
from dgspay_plugin.problems import Case
from dgspay_plugin.records.gateway_responses import gateway_response
from dgspay_plugin.records.refund_notes import offer_refunds
from dgspay_plugin.records.replies import failure
from dgspay_plugin.staff_actions import is_for_order, note_refund, refuse_refund
from dgspay_plugin.webhook import handle_webhook

logger = logging.getLogger(__name__)


class DgsPayPlugin(BasePlugin):
    """Card and mobile money payments in one channel.

    Saleor makes an instance for every request and lists the gateway on every
    checkout query, so nothing of the configuration is read or validated before a
    payment needs it.
    """

    PLUGIN_ID = GATEWAY
    PLUGIN_NAME = "DGS-Pay"
    PLUGIN_DESCRIPTION = "Card and mobile money payments with DGS-Pay."
    CONFIG_STRUCTURE = CONFIG_STRUCTURE
    DEFAULT_CONFIGURATION = DEFAULT_CONFIGURATION
    CONFIGURATION_PER_CHANNEL = True

    # The storefront

    def get_supported_currencies(self, previous_value: Any) -> list[str]:
        return list(currency_codes(self._values["supported_currencies"]))

    def get_payment_config(self, previous_value: Any) -> list[dict[str, str]]:
        return [
            {"field": name, "value": value}
            for name, value in storefront_configuration(self._values).items()
        ]

    def token_is_required_as_payment_input(self, previous_value: Any) -> bool:
        return False

    def get_payment_gateways(
        self,
        currency: str | None,
        checkout_info: CheckoutInfo | None,
        checkout_lines: list[CheckoutLineInfo] | None,
        previous_value: Any,
    ) -> list[PaymentGateway]:
        """The gateway, with the reference of the checkout's payment that is open."""
        gateways: list[PaymentGateway] = super().get_payment_gateways(
            currency, checkout_info, checkout_lines, previous_value
        )
        if not gateways or checkout_info is None:
            return gateways
        reference = open_payment_of(checkout_info.checkout, self.PLUGIN_ID)
        if reference is None:
            return gateways
        field = {"field": "open_payment", "value": reference}
        return [
            replace(gateway, config=[*gateway.config, field]) for gateway in gateways
        ]

    # The payment

    # Saleor makes an instance for each request: this is about its one press.
    _attempt_began_at: datetime | None = None

    def preprocess_order_creation(
        self,
        checkout_info: CheckoutInfo,
        lines: list[CheckoutLineInfo] | None,
        previous_value: Any,
    ) -> Any:
        """Leave the mark of a press, in the transaction before the payment's own."""
        self._attempt_began_at = begin_attempt(checkout_info.checkout, self.PLUGIN_ID)
        return previous_value

    def process_payment(
        self, payment_information: PaymentData, previous_value: Any
    ) -> GatewayResponse:
        configuration = self._usable_configuration()
        if configuration is None:
            return _failure(payment_information, CustomerMessage.MISCONFIGURED)
        return start_payment(
            payment_information,
            configuration,
            self.channel.slug,
            self._attempt_began_at,
        )

    def confirm_payment(
        self, payment_information: PaymentData, previous_value: Any
    ) -> GatewayResponse:
        configuration = self._usable_configuration()
        if configuration is None:
            return _failure(payment_information, CustomerMessage.MISCONFIGURED)
        return continue_payment(
            payment_information,
            configuration,
            self.channel.slug,
            self._attempt_began_at,
        )

    def refund_payment(
        self, payment_information: PaymentData, previous_value: Any
    ) -> GatewayResponse:
        if is_for_order(payment_information) and self._notes_refunds():
            return note_refund(payment_information)
        return refuse_refund(payment_information)

    def void_payment(
        self, payment_information: PaymentData, previous_value: Any
    ) -> GatewayResponse:
        return _failure(
            payment_information, CustomerMessage.VOID_NOT_POSSIBLE, TransactionKind.VOID
        )

    def capture_payment(
        self, payment_information: PaymentData, previous_value: Any
    ) -> GatewayResponse:
        return _failure(payment_information, CustomerMessage.CAPTURE_NOT_POSSIBLE)

    # DGS-Pay's webhook

    def webhook(
        self, request: HttpRequest, path: str, previous_value: Any
    ) -> HttpResponse:
        configuration = self._usable_configuration()
        if configuration is None:
            return JsonResponse({"status": "the plugin is not set up"}, status=503)
        return handle_webhook(
            request, path, self.PLUGIN_ID, self.channel.slug, configuration
        )

    # The dashboard

    @classmethod
    def validate_plugin_configuration(
        cls, plugin_configuration: PluginConfiguration, **kwargs: Any
    ) -> None:
        """Validate what an owner saves: all of it once the plugin is active.

        Raises:
            django.core.exceptions.ValidationError: each problem on its field.
        """
        if plugin_configuration.active:
            configuration = read_configuration(plugin_configuration.configuration)
            check_credentials(configuration.client(), configuration)
            refuse_foreign_app(cls.PLUGIN_ID)

    @classmethod
    def save_plugin_configuration(
        cls, plugin_configuration: PluginConfiguration, cleaned_data: dict[str, Any]
    ) -> PluginConfiguration:
        saved = super().save_plugin_configuration(plugin_configuration, cleaned_data)
        keep_gateway_app(cls.PLUGIN_ID, cls.PLUGIN_NAME)
        values = values_of(saved.configuration)
        offer_refunds(
            cls.PLUGIN_ID,
            saved.channel.slug,
            are_offered=saved.active and bool(values.get("note_refunds")),
        )
        return saved

    def resolve_plugin_configuration(
        self, request: HttpRequest
    ) -> list[dict[str, Any]]:
        for field in self.configuration:
            if field["name"] == "webhook_url" and self.channel:
                field["value"] = webhook_url(self.PLUGIN_ID, self.channel.slug)
        fields: list[dict[str, Any]] = self.configuration
        return fields

    @cached_property
    def _values(self) -> dict[str, Any]:
        return values_of(self.configuration)

    def _notes_refunds(self) -> bool:
        configuration = self._usable_configuration()
        return configuration is not None and configuration.note_refunds

    def _usable_configuration(self) -> Configuration | None:
        return usable_configuration(
            self.configuration, self.channel.slug if self.channel else None
        )


def storefront_configuration(values: Mapping[str, Any]) -> dict[str, str]:
    """What the browser needs to offer a payment and to encrypt a card.

    Never the API key.
    """
    needed = {
        name: values[name] or ""
        for name in ("encryption_key", "environment", "nonce_format")
    }
    return {
        **needed,
        "payment_methods": ",".join(payment_methods(values.get("payment_methods"))),
    }


def usable_configuration(
    fields: Iterable[Mapping[str, Any]], channel_slug: str | None
) -> Configuration | None:
    """A channel's configuration; none, and a line in the log, if it is not valid."""
    try:
        return read_configuration(fields)
    except ValidationError as error:
        logger.error(
            "DGS-Pay cannot be used in channel %s, see the plugin's configuration: %s",
            channel_slug,
            ", ".join(sorted(error.message_dict)),
        )
        count(PROBLEMS, case=Case.CONFIGURATION)
        return None


def _failure(
    payment: PaymentData, message: CustomerMessage, kind: str | None = None
) -> GatewayResponse:
    return gateway_response(failure(message), payment, kind)
