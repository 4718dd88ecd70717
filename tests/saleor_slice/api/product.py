"""What staff sell where and for how much (``saleor.graphql.product.mutations``)."""

from typing import Any

import graphene
from django.db import transaction
from django.utils import timezone
from saleor.channel.models import Channel
from saleor.permission.enums import ProductPermissions
from saleor.product import models

from . import types
from .errors import ProductChannelListingError
from .mutation import BaseMutation, errors_of, get_node
from .scalars import PositiveDecimal


class ProductChannelListingAddInput(graphene.InputObjectType):
    channel_id = graphene.ID(required=True)
    is_published = graphene.Boolean()
    is_available_for_purchase = graphene.Boolean()


class ProductChannelListingUpdateInput(graphene.InputObjectType):
    update_channels = types.list_of(ProductChannelListingAddInput, required=False)


class ProductVariantChannelListingAddInput(graphene.InputObjectType):
    channel_id = graphene.ID(required=True)
    price = PositiveDecimal(required=True)


class ProductChannelListingUpdate(BaseMutation):
    error_type = ProductChannelListingError
    permission = ProductPermissions.MANAGE_PRODUCTS
    errors = errors_of(ProductChannelListingError)
    product = graphene.Field(types.Product)

    class Arguments:
        id = graphene.ID(required=True)
        input = ProductChannelListingUpdateInput(required=True)

    @classmethod
    @transaction.atomic
    def perform(
        cls, info: Any, id: str, input: dict[str, Any]
    ) -> "ProductChannelListingUpdate":
        product = get_node(id, models.Product)
        for update in input.get("update_channels") or []:
            channel = get_node(update["channel_id"], Channel, "channel_id")
            changes: dict[str, Any] = {"currency": channel.currency_code}
            if "is_published" in update:
                changes["is_published"] = update["is_published"]
            if "is_available_for_purchase" in update:
                changes["available_for_purchase_at"] = (
                    timezone.now() if update["is_available_for_purchase"] else None
                )
            models.ProductChannelListing.objects.update_or_create(
                product=product, channel=channel, defaults=changes
            )
        return cls(product=product)


class ProductVariantChannelListingUpdate(BaseMutation):
    error_type = ProductChannelListingError
    permission = ProductPermissions.MANAGE_PRODUCTS
    errors = errors_of(ProductChannelListingError)
    variant = graphene.Field(types.ProductVariant)

    class Arguments:
        id = graphene.ID()
        input = types.list_of(ProductVariantChannelListingAddInput)

    @classmethod
    @transaction.atomic
    def perform(
        cls, info: Any, id: str, input: list[dict[str, Any]]
    ) -> "ProductVariantChannelListingUpdate":
        variant = get_node(id, models.ProductVariant)
        for added in input:
            channel = get_node(added["channel_id"], Channel, "channel_id")
            models.ProductVariantChannelListing.objects.update_or_create(
                variant=variant,
                channel=channel,
                defaults={
                    "currency": channel.currency_code,
                    "price_amount": added["price"],
                },
            )
        return cls(variant=variant)
