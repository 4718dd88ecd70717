"""What all mutations share (``saleor.graphql.core.mutations``)."""

from typing import Any, TypeVar

import graphene
from django.core.exceptions import ValidationError
from django.db.models import Model
from graphql.error import GraphQLError
from saleor.permission.enums import BasePermissionEnum

from .access import require
from .errors import Error, to_errors
from .types import list_of

Record = TypeVar("Record", bound=Model)


class BaseMutation(graphene.Mutation):
    """A mutation that answers with ``errors`` where its input cannot be used.

    A subclass says its ``error_type``, with ``errors = errors_of(error_type)``, and
    does its work in ``perform``, which raises ValidationError.
    """

    class Meta:
        abstract = True

    error_type: type[Error]
    permission: BasePermissionEnum | None = None

    @classmethod
    def mutate(cls, root: Any, info: Any, **arguments: Any) -> "BaseMutation":
        if cls.permission:
            require(info.context, cls.permission)
        try:
            return cls.perform(info, **arguments)
        except ValidationError as error:
            return cls(errors=to_errors(error, cls.error_type))

    @classmethod
    def perform(cls, info: Any, **arguments: Any) -> "BaseMutation":
        raise NotImplementedError


def errors_of(error_type: type[Error]) -> graphene.Field:
    return graphene.Field(list_of(error_type), required=True, default_value=[])


def get_node(global_id: str, model: type[Record], field: str = "id") -> Record:
    """Return the record that a global id names, or raise ValidationError."""
    try:
        record = find_node(global_id, model)
    except GraphQLError as error:
        raise ValidationError(
            {field: ValidationError(str(error), code="graphql_error")}
        ) from error
    if record is None:
        raise ValidationError(
            {
                field: ValidationError(
                    f"Couldn't resolve to a node: {global_id}", code="not_found"
                )
            }
        )
    return record


def find_node(global_id: str, model: type[Record]) -> Record | None:
    """Return the record, nothing if there is none, or raise GraphQLError."""
    refusal = f"Invalid ID: {global_id}. Expected: {model.__name__}"
    try:
        type_name, pk = graphene.Node.from_global_id(global_id)
    except ValueError as error:
        raise GraphQLError(f"{refusal}.") from error
    if type_name != model.__name__:
        raise GraphQLError(f"{refusal}, received: {type_name}.")
    try:
        return model.objects.filter(pk=pk).first()
    except (ValidationError, ValueError) as error:
        raise GraphQLError(f"{refusal}.") from error
