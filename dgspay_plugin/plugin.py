"""DGS-Pay as Saleor sees it: the hooks of a payment plugin, one short method each."""

import logging
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from saleor.payment import TransactionKind
from saleor.payment.interface import GatewayResponse, PaymentData
from saleor.plugins.base_plugin import BasePlugin
from saleor.plugins.models import PluginConfiguration

from dgspay_plugin.configuration import (
    CONFIG_STRUCTURE,
    DEFAULT_CONFIGURATION,
    Configuration,
    check_credentials,
    currency_codes,
    read_configuration,
    values_of,
)
from dgspay_plugin.payment.refusal import CustomerMessage
from dgspay_plugin.settlement.callback import callback_url, webhook_url
from dgspay_plugin.settlement.payments import continue_payment, start_payment
from dgspay_plugin.settlement.refunds import refuse_refund
from dgspay_plugin.settlement.responses import failure
from dgspay_plugin.settlement.webhook import handle_webhook

logger = logging.getLogger(__name__)


class DgsPayPlugin(BasePlugin):
    """Card payments in one channel.

    Saleor makes an instance for every request and lists the gateway on every
    checkout query, so nothing is read or validated before a payment needs it.
    """

    PLUGIN_ID = "dgspay.payments"
    PLUGIN_NAME = "DGS-Pay"
    PLUGIN_DESCRIPTION = "Card payments with DGS-Pay."
    CONFIG_STRUCTURE = CONFIG_STRUCTURE
    DEFAULT_CONFIGURATION = DEFAULT_CONFIGURATION
    CONFIGURATION_PER_CHANNEL = True

    # The storefront

    def get_supported_currencies(self, previous_value: Any) -> list[str]:
        return list(currency_codes(self._values["supported_currencies"]))

    def get_payment_config(self, previous_value: Any) -> list[dict[str, str]]:
        """What the browser needs to encrypt a card. Never the API key."""
        return [
            {"field": name, "value": self._values[name] or ""}
            for name in ("encryption_key", "environment", "nonce_format")
        ]

    def token_is_required_as_payment_input(self, previous_value: Any) -> bool:
        return False

    # The payment

    def process_payment(
        self, payment_information: PaymentData, previous_value: Any
    ) -> GatewayResponse:
        configuration = self._usable_configuration()
        if configuration is None:
            return failure(payment_information, CustomerMessage.MISCONFIGURED)
        return start_payment(
            payment_information,
            configuration,
            callback_url(
                self.PLUGIN_ID, self.channel.slug, payment_information.payment_id
            ),
        )

    def confirm_payment(
        self, payment_information: PaymentData, previous_value: Any
    ) -> GatewayResponse:
        configuration = self._usable_configuration()
        if configuration is None:
            return failure(payment_information, CustomerMessage.MISCONFIGURED)
        return continue_payment(payment_information, configuration)

    def refund_payment(
        self, payment_information: PaymentData, previous_value: Any
    ) -> GatewayResponse:
        return refuse_refund(payment_information)

    def void_payment(
        self, payment_information: PaymentData, previous_value: Any
    ) -> GatewayResponse:
        return failure(
            payment_information, CustomerMessage.VOID_NOT_POSSIBLE, TransactionKind.VOID
        )

    def capture_payment(
        self, payment_information: PaymentData, previous_value: Any
    ) -> GatewayResponse:
        return failure(payment_information, CustomerMessage.CAPTURE_NOT_POSSIBLE)

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

    def _usable_configuration(self) -> Configuration | None:
        try:
            return read_configuration(self.configuration)
        except ValidationError as error:
            logger.error(
                "DGS-Pay cannot be used in channel %s, see the plugin's configuration: "
                "%s",
                self.channel.slug if self.channel else None,
                ", ".join(sorted(error.message_dict)),
            )
            return None
