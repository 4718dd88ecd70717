"""Who is asking, and may they. Staff may do anything here."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core import signing
from django.http import HttpRequest
from saleor.account.models import User
from saleor.core.exceptions import PermissionDenied
from saleor.permission.enums import BasePermissionEnum

TOKEN_SALT = "tests.saleor_slice.token"


def token_for(user: User) -> str:
    """Return what a client shows to be this user; in Saleor it is a JWT."""
    return signing.dumps(user.pk, salt=TOKEN_SALT)


def user_of(request: HttpRequest) -> User | None:
    header = request.headers.get("Authorization", "")
    token = request.headers.get("Authorization-Bearer") or header.partition(" ")[2]
    try:
        user_id = signing.loads(token, salt=TOKEN_SALT)
    except signing.BadSignature:
        return None
    return User.objects.filter(pk=user_id, is_active=True).first()


def require(request: HttpRequest, *one_of: BasePermissionEnum) -> None:
    user = request.user
    if not (user and any(user.has_perm(permission) for permission in one_of)):
        raise PermissionDenied(permissions=one_of)


def requires(*one_of: BasePermissionEnum) -> Callable[..., Any]:
    """Guard a resolver."""

    def decorate(resolver: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(resolver)
        def guarded(root: Any, info: Any, **arguments: Any) -> Any:
            require(info.context, *one_of)
            return resolver(root, info, **arguments)

        return guarded

    return decorate
