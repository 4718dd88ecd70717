"""Lists in pages (``saleor.graphql.core.connection``), forward only."""

from base64 import b64decode, b64encode
from typing import Any

import graphene
from django.db.models import QuerySet
from graphql.error import GraphQLError


class PageInfo(graphene.ObjectType):
    has_next_page = graphene.Boolean(required=True)
    has_previous_page = graphene.Boolean(required=True)
    start_cursor = graphene.String()
    end_cursor = graphene.String()


def connection_of(node: type[graphene.ObjectType]) -> type[graphene.ObjectType]:
    """Make the types ``<Node>CountableConnection`` and ``<Node>CountableEdge``."""
    edge = type(
        f"{node.__name__}CountableEdge",
        (graphene.ObjectType,),
        {
            "node": graphene.Field(node, required=True),
            "cursor": graphene.String(required=True),
        },
    )
    return type(
        f"{node.__name__}CountableConnection",
        (graphene.ObjectType,),
        {
            "page_info": graphene.Field(PageInfo, required=True),
            "edges": graphene.List(graphene.NonNull(edge), required=True),
            "total_count": graphene.Int(),
        },
    )


def page_of(
    items: QuerySet | list[Any], name: str, first: int | None, after: str | None
) -> dict[str, Any]:
    if first is None:
        raise GraphQLError(
            "You must provide a `first` or `last` value to properly paginate "
            f"the `{name}` connection."
        )
    start = int(b64decode(after)) if after else 0
    total = len(items)
    edges = [
        {"node": node, "cursor": b64encode(str(index).encode()).decode()}
        for index, node in enumerate(items[start : start + first], start + 1)
    ]
    return {
        "edges": edges,
        "total_count": total,
        "page_info": PageInfo(
            has_next_page=start + first < total,
            has_previous_page=start > 0,
            start_cursor=edges[0]["cursor"] if edges else None,
            end_cursor=edges[-1]["cursor"] if edges else None,
        ),
    }
