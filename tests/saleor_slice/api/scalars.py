from decimal import Decimal, InvalidOperation
from typing import Any

import graphene
from graphene.types.generic import GenericScalar
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


class JSON(GenericScalar):
    """A JSON object or list, as it is; any other value counts as null."""

    @staticmethod
    def parse_literal(node: Any) -> Any:
        is_structure = isinstance(node, ast.ObjectValue | ast.ListValue)
        return GenericScalar.parse_literal(node) if is_structure else None

    @staticmethod
    def parse_value(value: Any) -> Any:
        return value if isinstance(value, dict | list) else None


class Minute(graphene.Int):
    """A number of minutes, zero or more."""

    @staticmethod
    def parse_value(value: Any) -> int | None:
        minutes = graphene.Int.parse_value(value)
        return minutes if minutes is not None and minutes >= 0 else None

    @staticmethod
    def parse_literal(node: Any) -> int | None:
        is_number = isinstance(node, ast.IntValue)
        return Minute.parse_value(node.value) if is_number else None
