"""What all mutations share (``saleor.graphql.core.mutations``)."""

from typing import Any, TypeVar

import graphene
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db.models import Model

from .access import Permission, require
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
    permission: Permission | None = None

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
        type_name, pk = graphene.Node.from_global_id(global_id)
    except ValueError as error:
        raise ValidationError(
            {field: ValidationError(f"Invalid ID: {global_id}.", code="graphql_error")}
        ) from error
    if type_name != model.__name__:
        raise ValidationError(
            {
                field: ValidationError(
                    f"Invalid ID: {global_id}. Expected: {model.__name__}, "
                    f"received: {type_name}.",
                    code="graphql_error",
                )
            }
        )
    try:
        return model.objects.get(pk=pk)
    except (ObjectDoesNotExist, ValidationError, ValueError) as error:
        raise ValidationError(
            {
                field: ValidationError(
                    f"Couldn't resolve to a node: {global_id}", code="not_found"
                )
            }
        ) from error
