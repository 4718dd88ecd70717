"""What staff decide about a channel (``saleor.graphql.channel.mutations``)."""

from typing import Any

import graphene
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from saleor.channel import models as channel_models
from saleor.channel.error_codes import ChannelErrorCode
from saleor.permission.enums import ChannelPermissions

from . import types
from .enums import MarkAsPaidStrategyEnum, TransactionFlowStrategyEnum
from .errors import ChannelError
from .mutation import BaseMutation, errors_of, get_node
from .scalars import Minute


class CheckoutAutoCompleteInput(graphene.InputObjectType):
    enabled = graphene.Boolean(required=True)
    delay = Minute()
    cut_off_date = graphene.DateTime()


class CheckoutSettingsInput(graphene.InputObjectType):
    automatically_complete_fully_paid_checkouts = graphene.Boolean()
    automatic_completion = CheckoutAutoCompleteInput()


class OrderSettingsInput(graphene.InputObjectType):
    automatically_confirm_all_new_orders = graphene.Boolean()
    allow_unpaid_orders = graphene.Boolean()
    mark_as_paid_strategy = MarkAsPaidStrategyEnum()


class PaymentSettingsInput(graphene.InputObjectType):
    default_transaction_flow_strategy = TransactionFlowStrategyEnum()


class ChannelUpdateInput(graphene.InputObjectType):
    checkout_settings = CheckoutSettingsInput()
    order_settings = OrderSettingsInput()
    payment_settings = PaymentSettingsInput()


class ChannelUpdate(BaseMutation):
    error_type = ChannelError
    permission = ChannelPermissions.MANAGE_CHANNELS
    errors = errors_of(ChannelError)
    channel = graphene.Field(types.Channel)

    class Arguments:
        id = graphene.ID(required=True)
        input = ChannelUpdateInput(required=True)

    @classmethod
    def perform(cls, info: Any, id: str, input: dict[str, Any]) -> "ChannelUpdate":
        channel = get_node(id, channel_models.Channel)
        order_settings = dict(input.get("order_settings", {}))
        if strategy := order_settings.pop("mark_as_paid_strategy", None):
            order_settings["order_mark_as_paid_strategy"] = strategy
        changes = {
            **order_settings,
            **input.get("payment_settings", {}),
            **_automatic_completion(input.get("checkout_settings", {})),
        }
        for field, value in changes.items():
            setattr(channel, field, value)
        channel.save()
        return cls(channel=channel)


class ChannelActivate(BaseMutation):
    error_type = ChannelError
    permission = ChannelPermissions.MANAGE_CHANNELS
    errors = errors_of(ChannelError)
    channel = graphene.Field(types.Channel)

    class Arguments:
        id = graphene.ID(required=True)

    @classmethod
    def perform(cls, info: Any, id: str) -> "ChannelActivate":
        return cls(channel=_set_active(id, True))


class ChannelDeactivate(BaseMutation):
    error_type = ChannelError
    permission = ChannelPermissions.MANAGE_CHANNELS
    errors = errors_of(ChannelError)
    channel = graphene.Field(types.Channel)

    class Arguments:
        id = graphene.ID(required=True)

    @classmethod
    def perform(cls, info: Any, id: str) -> "ChannelDeactivate":
        return cls(channel=_set_active(id, False))


def _set_active(channel_id: str, is_active: bool) -> channel_models.Channel:
    channel = get_node(channel_id, channel_models.Channel)
    channel.is_active = is_active
    channel.save(update_fields=["is_active"])
    return channel


def _automatic_completion(checkout_settings: dict[str, Any]) -> dict[str, Any]:
    """Return the fields to change; only checkouts from now on are completed."""
    older_input = "automatically_complete_fully_paid_checkouts"
    completion = checkout_settings.get("automatic_completion")
    if completion and older_input in checkout_settings:
        raise ValidationError(
            {
                older_input: ValidationError(
                    "Cannot provide both 'automaticallyCompleteFullyPaidCheckouts' "
                    "and 'automaticCompletion'. Use 'automaticCompletion' instead.",
                    code=ChannelErrorCode.INVALID.value,
                )
            }
        )
    if older_input in checkout_settings:
        completion = {"enabled": checkout_settings[older_input]}
    if not completion:
        return {}
    if not completion["enabled"]:
        return {
            older_input: False,
            "automatic_completion_delay": None,
            "automatic_completion_cut_off_date": None,
        }
    delay = completion.get("delay")
    if delay is None:
        delay = settings.DEFAULT_AUTOMATIC_CHECKOUT_COMPLETION_DELAY
    return {
        older_input: True,
        "automatic_completion_delay": delay,
        "automatic_completion_cut_off_date": (
            completion.get("cut_off_date") or timezone.now()
        ),
    }
