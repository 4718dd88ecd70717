from typing import Any

import graphene
from django.core.exceptions import ValidationError
from saleor.account import models

from .access import token_for
from .enums import AccountErrorCodes
from .errors import AccountError
from .mutation import BaseMutation, errors_of
from .types import User


class CreateToken(BaseMutation):
    error_type = AccountError
    errors = errors_of(AccountError)
    token = graphene.String()
    user = graphene.Field(User)

    class Arguments:
        email = graphene.String(required=True)
        password = graphene.String(required=True)

    @classmethod
    def perform(cls, info: Any, email: str, password: str) -> "CreateToken":
        user = models.User.objects.filter(email=email, is_active=True).first()
        if not user or not user.check_password(password):
            raise ValidationError(
                {
                    "email": ValidationError(
                        "Please, enter valid credentials",
                        code=AccountErrorCodes.INVALID_CREDENTIALS.value,
                    )
                }
            )
        return cls(token=token_for(user), user=user)
