"""What staff do to vouchers (``saleor.graphql.discount.mutations.voucher``)."""

from typing import Any

import graphene
from django.db import transaction
from saleor.channel.models import Channel
from saleor.discount import models
from saleor.permission.enums import DiscountPermissions

from . import types
from .enums import DiscountValueTypeEnum, VoucherTypeEnum
from .errors import DiscountError
from .mutation import BaseMutation, errors_of, get_node
from .scalars import PositiveDecimal


class VoucherInput(graphene.InputObjectType):
    type = VoucherTypeEnum()
    name = graphene.String()
    add_codes = types.list_of(graphene.String, required=False)
    start_date = graphene.DateTime()
    end_date = graphene.DateTime()
    discount_value_type = DiscountValueTypeEnum()
    apply_once_per_customer = graphene.Boolean()
    single_use = graphene.Boolean()
    usage_limit = graphene.Int()


class VoucherChannelListingAddInput(graphene.InputObjectType):
    channel_id = graphene.ID(required=True)
    discount_value = PositiveDecimal()
    min_amount_spent = PositiveDecimal()


class VoucherChannelListingInput(graphene.InputObjectType):
    add_channels = types.list_of(VoucherChannelListingAddInput, required=False)
    remove_channels = types.list_of(graphene.ID, required=False)


class VoucherMutation(BaseMutation):
    class Meta:
        abstract = True

    error_type = DiscountError
    permission = DiscountPermissions.MANAGE_DISCOUNTS


class VoucherCreate(VoucherMutation):
    errors = errors_of(DiscountError)
    voucher = graphene.Field(types.Voucher)

    class Arguments:
        input = VoucherInput(required=True)

    @classmethod
    def perform(cls, info: Any, input: dict[str, Any]) -> "VoucherCreate":
        return cls(voucher=_change(models.Voucher(), input))


class VoucherUpdate(VoucherMutation):
    errors = errors_of(DiscountError)
    voucher = graphene.Field(types.Voucher)

    class Arguments:
        id = graphene.ID(required=True)
        input = VoucherInput(required=True)

    @classmethod
    def perform(cls, info: Any, id: str, input: dict[str, Any]) -> "VoucherUpdate":
        return cls(voucher=_change(get_node(id, models.Voucher), input))


class VoucherChannelListingUpdate(VoucherMutation):
    errors = errors_of(DiscountError)
    voucher = graphene.Field(types.Voucher)

    class Arguments:
        id = graphene.ID(required=True)
        input = VoucherChannelListingInput(required=True)

    @classmethod
    @transaction.atomic
    def perform(
        cls, info: Any, id: str, input: dict[str, Any]
    ) -> "VoucherChannelListingUpdate":
        voucher = get_node(id, models.Voucher)
        for added in input.get("add_channels") or []:
            channel = get_node(added["channel_id"], Channel, "channel_id")
            models.VoucherChannelListing.objects.update_or_create(
                voucher=voucher,
                channel=channel,
                defaults={
                    "currency": channel.currency_code,
                    "discount_value": added["discount_value"],
                    "min_spent_amount": added.get("min_amount_spent"),
                },
            )
        for channel_id in input.get("remove_channels") or []:
            channel = get_node(channel_id, Channel, "remove_channels")
            voucher.channel_listings.filter(channel=channel).delete()
        return cls(voucher=voucher)


@transaction.atomic
def _change(voucher: models.Voucher, input: dict[str, Any]) -> models.Voucher:
    changes = dict(input)
    codes = changes.pop("add_codes", None) or []
    for field, value in changes.items():
        setattr(voucher, field, value)
    voucher.save()
    for code in codes:
        voucher.codes.create(code=code)
    return voucher
