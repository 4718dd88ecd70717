"""Inside the store: let payments wait for a webhook of Saleor's own Stripe plugin."""

from typing import Any

from saleor.channel.models import Channel
from saleor.payment.gateways.stripe.plugin import StripeGatewayPlugin
from saleor.payment.models import Payment
from saleor.plugins.models import PluginConfiguration


def measure(channel: str, references: list[str], webhook_secret: str) -> dict[str, Any]:
    """Set the plugin up in a channel, and hand the payments over to it.

    Set up through the dashboard it would subscribe to webhooks at Stripe.
    """
    values = {
        "secret_api_key": "sk_test_bench",
        "public_api_key": "pk_test_bench",
        "supported_currencies": "RWF",
        "webhook_endpoint_id": "we_bench",
        "webhook_secret_key": webhook_secret,
        "automatic_payment_capture": True,
        "include_receipt_email": True,
    }
    PluginConfiguration.objects.create(
        identifier=StripeGatewayPlugin.PLUGIN_ID,
        name=StripeGatewayPlugin.PLUGIN_NAME,
        active=True,
        channel=Channel.objects.get(slug=channel),
        configuration=[{"name": n, "value": v} for n, v in values.items()],
    )
    payments = Payment.objects.filter(transactions__token__in=references)
    return {"payments": payments.update(gateway=StripeGatewayPlugin.PLUGIN_ID)}
