from typing import Any

import graphene
from saleor.permission.enums import ProductPermissions
from saleor.product import models as product_models
from saleor.warehouse import models as warehouse_models

from . import types
from .errors import BulkStockError
from .mutation import BaseMutation, errors_of, get_node


class StockInput(graphene.InputObjectType):
    warehouse = graphene.ID(required=True)
    quantity = graphene.Int(required=True)


class ProductVariantStocksUpdate(BaseMutation):
    error_type = BulkStockError
    permission = ProductPermissions.MANAGE_PRODUCTS
    errors = errors_of(BulkStockError)
    product_variant = graphene.Field(types.ProductVariant)

    class Arguments:
        variant_id = graphene.ID()
        stocks = types.list_of(StockInput)

    @classmethod
    def perform(
        cls, info: Any, variant_id: str, stocks: list[dict[str, Any]]
    ) -> "ProductVariantStocksUpdate":
        variant = get_node(variant_id, product_models.ProductVariant, "variant_id")
        for stock in stocks:
            warehouse = get_node(
                stock["warehouse"], warehouse_models.Warehouse, "warehouse"
            )
            warehouse_models.Stock.objects.update_or_create(
                product_variant=variant,
                warehouse=warehouse,
                defaults={"quantity": stock["quantity"]},
            )
        return cls(product_variant=variant)
