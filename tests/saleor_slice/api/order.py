"""What staff do to orders (``saleor.graphql.order.mutations``)."""

from typing import Any

import graphene
from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from saleor.order import models
from saleor.order.actions import cancel_order
from saleor.permission.enums import OrderPermissions
from saleor.plugins.manager import get_plugins_manager

from . import order_types
from .enums import OrderErrorCodes
from .errors import OrderError
from .mutation import BaseMutation, errors_of, get_node


class OrderCancel(BaseMutation):
    error_type = OrderError
    permission = OrderPermissions.MANAGE_ORDERS
    errors = errors_of(OrderError)
    order = graphene.Field(order_types.Order)

    class Arguments:
        id = graphene.ID(required=True)

    @classmethod
    def perform(cls, info: Any, id: str) -> "OrderCancel":
        order = get_node(id, models.Order)
        if not order.can_cancel():
            raise ValidationError(
                {
                    "order": ValidationError(
                        "This order can't be canceled.",
                        code=OrderErrorCodes.CANNOT_CANCEL_ORDER.value,
                    )
                }
            )
        cancel_order(
            order=order,
            user=info.context.user,
            app=None,
            manager=get_plugins_manager(allow_replica=False),
            site_settings=Site.objects.get_current().settings,
        )
        return cls(order=order)
