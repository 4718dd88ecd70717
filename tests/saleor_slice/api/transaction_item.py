"""Finding a transaction, which is known by its token."""

import uuid

import graphene
from django.core.exceptions import ValidationError
from graphql.error import GraphQLError
from saleor.payment.models import TransactionItem


def find_transaction_item(
    id: str | None, token: uuid.UUID | None
) -> TransactionItem | None:
    """Return the transaction that a token, or the token in a global id, names."""
    try:
        return TransactionItem.objects.filter(token=token or _token_in(id)).first()
    except ValidationError:
        return None


def _token_in(global_id: str | None) -> str:
    refusal = f"Invalid ID: {global_id}. Expected: TransactionItem"
    try:
        type_name, token = graphene.Node.from_global_id(global_id)
    except ValueError as error:
        raise GraphQLError(f"{refusal}.") from error
    if type_name != "TransactionItem":
        raise GraphQLError(f"{refusal}, received: {type_name}.")
    return token


def get_transaction_item(id: str | None, token: uuid.UUID | None) -> TransactionItem:
    if id and token:
        raise ValidationError(
            "Argument 'id' cannot be combined with 'token'", code="graphql_error"
        )
    if not id and not token:
        raise ValidationError(
            "At least one of arguments is required: 'id', 'token'.",
            code="graphql_error",
        )
    item = find_transaction_item(id, token)
    if not item:
        raise ValidationError(
            {
                "id": ValidationError(
                    f"Couldn't resolve to a node: {id}", code="not_found"
                )
            }
        )
    return item
