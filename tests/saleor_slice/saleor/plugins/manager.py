"""Which plugins there are, and calling them (``saleor.plugins.manager``)."""

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.utils.module_loading import import_string

from ..channel.models import Channel
from ..payment.interface import (
    GatewayResponse,
    PaymentData,
    PaymentGateway,
    PaymentGatewayData,
    TransactionActionData,
    TransactionSessionData,
    TransactionSessionResult,
)
from .base_plugin import BasePlugin
from .models import PluginConfiguration

if TYPE_CHECKING:
    from ..checkout.fetch import CheckoutInfo, CheckoutLineInfo
    from ..checkout.models import Checkout
    from ..order.models import Order


class PluginsManager:
    """The plugins as one request sees them, loaded channel by channel when asked."""

    def __init__(
        self,
        plugins: list[str],
        requestor_getter: Callable[[], Any] | None = None,
        allow_replica: bool = True,
    ):
        self.plugins = plugins
        self.requestor_getter = requestor_getter
        self._allow_replica = allow_replica
        self.all_plugins: list[BasePlugin] = []
        self.global_plugins: list[BasePlugin] = []
        self.plugins_per_channel: dict[str, list[BasePlugin]] = defaultdict(list)
        self.loaded_channels: set[str] = set()
        self.loaded_global = False
        self.loaded_all_channels = False

    def _ensure_channel_plugins_loaded(
        self, channel_slug: str | None, channel: Channel | None = None
    ) -> None:
        if channel_slug is None:
            self.__load_global_plugins()
        elif channel_slug not in self.loaded_channels:
            channel = channel or Channel.objects.filter(slug=channel_slug).first()
            if channel is None:
                return
            plugins = self.__load_plugins(channel)
            self.all_plugins += plugins
            self.__load_global_plugins()
            # Those of the channel run first, whatever the order in the settings.
            self.plugins_per_channel[channel_slug] = plugins + self.global_plugins
            self.loaded_channels.add(channel_slug)

    def __load_global_plugins(self) -> None:
        if not self.loaded_global:
            self.global_plugins = self.__load_plugins(channel=None)
            self.all_plugins += self.global_plugins
            self.loaded_global = True

    def __load_plugins(self, channel: Channel | None) -> list[BasePlugin]:
        configurations = self._get_db_plugin_configs(channel)
        classes = [import_string(path) for path in self.plugins]
        return [
            self._load_plugin(
                plugin_class,
                configurations,
                channel,
                self.requestor_getter,
                self._allow_replica,
            )
            for plugin_class in classes
            if (channel is not None) == plugin_class.CONFIGURATION_PER_CHANNEL
        ]

    def _get_db_plugin_configs(
        self, channel: Channel | None
    ) -> dict[str, PluginConfiguration]:
        configurations = PluginConfiguration.objects.filter(channel=channel)
        return {row.identifier: row for row in configurations}

    def _load_plugin(
        self,
        PluginClass: type[BasePlugin],  # noqa: N803 (Saleor's name)
        db_configs_map: dict[str, PluginConfiguration],
        channel: Channel | None = None,
        requestor_getter: Callable[[], Any] | None = None,
        allow_replica: bool = True,
    ) -> BasePlugin:
        db_config = db_configs_map.get(PluginClass.PLUGIN_ID)
        if db_config:
            configuration, active = db_config.configuration, db_config.active
        else:
            configuration = PluginClass.DEFAULT_CONFIGURATION
            active = PluginClass.get_default_active()
        return PluginClass(
            configuration=configuration,
            active=active,
            channel=channel,
            requestor_getter=requestor_getter,
            db_config=db_config,
            allow_replica=allow_replica,
        )

    def get_all_plugins(self, active_only: bool = False) -> list[BasePlugin]:
        if not self.loaded_all_channels:
            for channel in Channel.objects.all():
                self._ensure_channel_plugins_loaded(channel.slug, channel)
            self.loaded_all_channels = True
        return self.get_plugins(active_only=active_only)

    def get_plugins(
        self,
        channel_slug: str | None = None,
        active_only: bool = False,
        plugin_ids: list[str] | None = None,
    ) -> list[BasePlugin]:
        self._ensure_channel_plugins_loaded(channel_slug)
        plugins = (
            self.all_plugins
            if channel_slug is None
            else self.plugins_per_channel[channel_slug]
        )
        return [
            plugin
            for plugin in plugins
            if (plugin.active or not active_only)
            and (not plugin_ids or plugin.PLUGIN_ID in plugin_ids)
        ]

    def get_plugin(
        self, plugin_id: str, channel_slug: str | None = None
    ) -> BasePlugin | None:
        for plugin in self.get_plugins(channel_slug):
            if plugin.check_plugin_id(plugin_id):
                return plugin
        return None

    def save_plugin_configuration(
        self, plugin_id: str, channel_slug: str | None, cleaned_data: dict[str, Any]
    ) -> PluginConfiguration | None:
        plugin = self.get_plugin(plugin_id, channel_slug)
        if plugin is None:
            return None
        plugin_configuration, _ = PluginConfiguration.objects.get_or_create(
            identifier=plugin_id,
            channel=Channel.objects.filter(slug=channel_slug).first(),
            defaults={"configuration": plugin.configuration},
        )
        saved = plugin.save_plugin_configuration(plugin_configuration, cleaned_data)
        plugin.active = saved.active
        plugin.configuration = saved.configuration
        return saved

    def list_payment_gateways(
        self,
        currency: str | None = None,
        checkout_info: "CheckoutInfo | None" = None,
        checkout_lines: "list[CheckoutLineInfo] | None" = None,
        channel_slug: str | None = None,
        active_only: bool = True,
    ) -> list[PaymentGateway]:
        if checkout_info:
            channel_slug = checkout_info.channel.slug
        plugins = (
            self.get_all_plugins(active_only)
            if channel_slug is None
            else self.get_plugins(channel_slug, active_only)
        )
        return [
            gateway
            for plugin in plugins
            # Only the class itself counts, not one that it inherits from.
            if "process_payment" in type(plugin).__dict__
            for gateway in plugin.get_payment_gateways(
                currency=currency,
                checkout_info=checkout_info,
                checkout_lines=checkout_lines,
                previous_value=None,
            )
        ]

    def token_is_required_as_payment_input(
        self, gateway: str, channel_slug: str
    ) -> bool:
        plugin = self.get_plugin(gateway, channel_slug)
        return plugin.token_is_required_as_payment_input(True) if plugin else True

    def preprocess_order_creation(
        self,
        checkout_info: "CheckoutInfo",
        lines: "list[CheckoutLineInfo] | None" = None,
    ) -> Any:
        """Ask each plugin before an order is made; one that objects raises."""
        return self.__run_method_on_plugins(
            "preprocess_order_creation",
            None,
            checkout_info,
            lines,
            channel_slug=checkout_info.channel.slug,
        )

    def process_payment(
        self, gateway: str, payment_information: PaymentData, channel_slug: str
    ) -> GatewayResponse:
        return self.__run_payment_method(
            gateway, "process_payment", payment_information, channel_slug
        )

    def confirm_payment(
        self, gateway: str, payment_information: PaymentData, channel_slug: str
    ) -> GatewayResponse:
        return self.__run_payment_method(
            gateway, "confirm_payment", payment_information, channel_slug
        )

    def capture_payment(
        self, gateway: str, payment_information: PaymentData, channel_slug: str
    ) -> GatewayResponse:
        return self.__run_payment_method(
            gateway, "capture_payment", payment_information, channel_slug
        )

    def refund_payment(
        self, gateway: str, payment_information: PaymentData, channel_slug: str
    ) -> GatewayResponse:
        return self.__run_payment_method(
            gateway, "refund_payment", payment_information, channel_slug
        )

    def void_payment(
        self, gateway: str, payment_information: PaymentData, channel_slug: str
    ) -> GatewayResponse:
        return self.__run_payment_method(
            gateway, "void_payment", payment_information, channel_slug
        )

    def __run_payment_method(
        self,
        gateway: str,
        method_name: str,
        payment_information: PaymentData,
        channel_slug: str,
    ) -> GatewayResponse:
        plugin = self.get_plugin(gateway, channel_slug)
        method = getattr(plugin, method_name, None)
        response = method and method(
            payment_information=payment_information, previous_value=None
        )
        if response is None:
            raise Exception(
                f"Payment plugin {gateway} for {method_name}"
                " payment method is inaccessible!"
            )
        return response

    def payment_gateway_initialize_session(
        self,
        amount: Decimal,
        payment_gateways: list[PaymentGatewayData] | None,
        source_object: "Order | Checkout",
    ) -> list[PaymentGatewayData]:
        return self.__run_method_on_plugins(
            "payment_gateway_initialize_session",
            None,
            amount,
            payment_gateways,
            source_object,
            channel_slug=source_object.channel.slug,
        )

    def transaction_initialize_session(
        self, transaction_session_data: TransactionSessionData
    ) -> TransactionSessionResult:
        return self.__run_method_on_plugins(
            "transaction_initialize_session",
            None,
            transaction_session_data,
            channel_slug=transaction_session_data.source_object.channel.slug,
        )

    def transaction_process_session(
        self, transaction_session_data: TransactionSessionData
    ) -> TransactionSessionResult:
        return self.__run_method_on_plugins(
            "transaction_process_session",
            None,
            transaction_session_data,
            channel_slug=transaction_session_data.source_object.channel.slug,
        )

    def transaction_charge_requested(
        self, payment_data: TransactionActionData, channel_slug: str
    ) -> None:
        self.__run_method_on_plugins(
            "transaction_charge_requested",
            None,
            payment_data,
            channel_slug=channel_slug,
        )

    def transaction_refund_requested(
        self, payment_data: TransactionActionData, channel_slug: str
    ) -> None:
        self.__run_method_on_plugins(
            "transaction_refund_requested",
            None,
            payment_data,
            channel_slug=channel_slug,
        )

    def transaction_cancelation_requested(
        self, payment_data: TransactionActionData, channel_slug: str
    ) -> None:
        self.__run_method_on_plugins(
            "transaction_cancelation_requested",
            None,
            payment_data,
            channel_slug=channel_slug,
        )

    def __run_method_on_plugins(
        self,
        method_name: str,
        default_value: Any,
        *args: Any,
        channel_slug: str | None,
    ) -> Any:
        """Hand what each active plugin returned to the next one; return the last."""
        value = default_value
        for plugin in self.get_plugins(channel_slug, active_only=True):
            method = getattr(plugin, method_name, None)
            returned = method(*args, previous_value=value) if method else NotImplemented
            if returned is not NotImplemented:
                value = returned
        return value

    def is_event_active_for_any_plugin(
        self, event: str, channel_slug: str | None = None
    ) -> bool:
        return any(
            plugin.is_event_active(event)
            for plugin in self.get_plugins(channel_slug, active_only=True)
        )

    def webhook(
        self, request: HttpRequest, plugin_id: str, channel_slug: str | None
    ) -> HttpResponse:
        """Hand a request under the plugin's own address to the plugin.

        ``path`` is what follows the plugin's identifier, with its leading slash.
        """
        plugin = self.get_plugin(plugin_id, channel_slug)
        if plugin is None or not plugin.active or not hasattr(plugin, "webhook"):
            return HttpResponseNotFound()
        if plugin.CONFIGURATION_PER_CHANNEL and not channel_slug:
            return HttpResponseNotFound(
                "Incorrect endpoint. Use /plugins/channel/<channel_slug>/"
                f"{plugin.PLUGIN_ID}/"
            )
        _, path = request.path.split(plugin_id, maxsplit=1)
        return plugin.webhook(request, path, previous_value=HttpResponseNotFound())


def get_plugins_manager(
    allow_replica: bool, requestor_getter: Callable[[], Any] | None = None
) -> PluginsManager:
    return PluginsManager(settings.PLUGINS, requestor_getter, allow_replica)
