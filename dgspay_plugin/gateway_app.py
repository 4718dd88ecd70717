"""The App that Saleor's Transactions API wants behind a gateway.

Saleor looks for an active App with the gateway's identifier before it asks any plugin
(transactionInitialize and transactionProcess). This one has no address, no webhook
and no token: it is this plugin's name there, and nobody can log in with it.
"""

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from saleor.app.models import App
from saleor.app.types import AppType
from saleor.permission.enums import PaymentPermissions
from saleor.permission.models import Permission
from saleor.plugins.error_codes import PluginErrorCode
from saleor.plugins.models import PluginConfiguration

# The gateway's id in Saleor, and its App's.
GATEWAY = "dgspay.payments"
# Tells the plugin's own App from one that somebody else made.
MADE_BY, MAKER = "dgspay.made_by", "dgspay_plugin"


def refuse_foreign_app(gateway: str) -> None:
    """Refuse to share the gateway's identifier.

    Raises:
        django.core.exceptions.ValidationError: on the field ``active``.
    """
    foreign = next((app for app in _apps(gateway) if not _is_own(app)), None)
    if foreign:
        raise ValidationError(
            {
                "active": ValidationError(
                    f"The app {foreign.name} has the identifier {gateway}, which this "
                    "plugin needs. Remove that app first.",
                    code=PluginErrorCode.INVALID.value,
                )
            }
        )


def keep_gateway_app(gateway: str, name: str) -> None:
    """Make the App when the gateway is first used; let it rest when it is not used."""
    is_active = is_active_anywhere(gateway)
    app = own_app(gateway)
    if app is None and (not is_active or _apps(gateway).exists()):
        # Not used, or not to be used before somebody else's App is removed.
        return
    if app is None:
        app = App.objects.create(
            identifier=gateway,
            name=name,
            type=AppType.LOCAL,
            is_active=is_active,
            private_metadata={MADE_BY: MAKER},
        )
        app.permissions.add(_handle_payments())
    elif app.is_active != is_active:
        app.is_active = is_active
        app.save(update_fields=["is_active"])


def is_active_anywhere(gateway: str) -> bool:
    """Whether the gateway is switched on in any channel."""
    channels = PluginConfiguration.objects.filter(
        identifier=gateway, channel__isnull=False, active=True
    )
    return bool(channels.exists())


def own_app(gateway: str) -> App | None:
    return next(filter(_is_own, _apps(gateway)), None)


def _apps(gateway: str) -> "QuerySet[App]":
    return App.objects.filter(identifier=gateway, removed_at__isnull=True)


def _is_own(app: App) -> bool:
    return bool(app.private_metadata.get(MADE_BY) == MAKER)


def _handle_payments() -> Permission:
    label, codename = PaymentPermissions.HANDLE_PAYMENTS.value.split(".")
    permission: Permission = Permission.objects.get(
        content_type__app_label=label, codename=codename
    )
    return permission
