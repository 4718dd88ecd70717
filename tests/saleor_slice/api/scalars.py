from decimal import Decimal, InvalidOperation
from typing import Any

import graphene
from graphql.language import ast


class JSONString(graphene.JSONString):
    """JSON in a string; what is not JSON counts as null."""

    @staticmethod
    def parse_literal(node: Any) -> Any:
        is_text = isinstance(node, ast.StringValue)
        return JSONString.parse_value(node.value) if is_text else None

    @staticmethod
    def parse_value(value: Any) -> Any:
        try:
            return graphene.JSONString.parse_value(value)
        except (ValueError, TypeError):
            return None


class PositiveDecimal(graphene.Float):
    """An amount of money of zero or more, in major units."""

    @staticmethod
    def parse_value(value: Any) -> Decimal | None:
        try:
            amount = Decimal(str(value))
        except InvalidOperation:
            return None
        return amount if amount.is_finite() and amount >= 0 else None

    @staticmethod
    def parse_literal(node: Any) -> Decimal | None:
        is_number = isinstance(node, ast.FloatValue | ast.IntValue)
        return PositiveDecimal.parse_value(node.value) if is_number else None
