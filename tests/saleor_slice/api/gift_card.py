"""What staff do to gift cards (``saleor.graphql.giftcard.mutations``)."""

from typing import Any

import graphene
from saleor.core.utils.promo_code import generate_promo_code
from saleor.giftcard import models
from saleor.permission.enums import GiftcardPermissions

from . import types
from .errors import GiftCardError
from .mutation import BaseMutation, errors_of, get_node
from .scalars import PositiveDecimal


class PriceInput(graphene.InputObjectType):
    currency = graphene.String(required=True)
    amount = PositiveDecimal(required=True)


class GiftCardCreateInput(graphene.InputObjectType):
    balance = graphene.Field(PriceInput, required=True)
    is_active = graphene.Boolean(required=True)


class GiftCardUpdateInput(graphene.InputObjectType):
    balance_amount = PositiveDecimal()


class GiftCardMutation(BaseMutation):
    class Meta:
        abstract = True

    error_type = GiftCardError
    permission = GiftcardPermissions.MANAGE_GIFT_CARD


class GiftCardCreate(GiftCardMutation):
    errors = errors_of(GiftCardError)
    gift_card = graphene.Field(types.GiftCard)

    class Arguments:
        input = GiftCardCreateInput(required=True)

    @classmethod
    def perform(cls, info: Any, input: dict[str, Any]) -> "GiftCardCreate":
        balance = input["balance"]
        gift_card = models.GiftCard.objects.create(
            code=generate_promo_code(),
            is_active=input["is_active"],
            currency=balance["currency"],
            initial_balance_amount=balance["amount"],
            current_balance_amount=balance["amount"],
        )
        return cls(gift_card=gift_card)


class GiftCardUpdate(GiftCardMutation):
    errors = errors_of(GiftCardError)
    gift_card = graphene.Field(types.GiftCard)

    class Arguments:
        id = graphene.ID(required=True)
        input = GiftCardUpdateInput(required=True)

    @classmethod
    def perform(cls, info: Any, id: str, input: dict[str, Any]) -> "GiftCardUpdate":
        gift_card = get_node(id, models.GiftCard)
        if (amount := input.get("balance_amount")) is not None:
            gift_card.initial_balance_amount = amount
            gift_card.current_balance_amount = amount
        gift_card.save()
        return cls(gift_card=gift_card)


class GiftCardDeactivate(GiftCardMutation):
    errors = errors_of(GiftCardError)
    gift_card = graphene.Field(types.GiftCard)

    class Arguments:
        id = graphene.ID(required=True)

    @classmethod
    def perform(cls, info: Any, id: str) -> "GiftCardDeactivate":
        gift_card = get_node(id, models.GiftCard)
        gift_card.is_active = False
        gift_card.save(update_fields=["is_active"])
        return cls(gift_card=gift_card)
