"""Customers, staff and their addresses (``saleor.account.models``).

Saleor stores country and phone in fields of django-countries and
django-phonenumber-field; here both are plain text, an ISO 3166 code and an E.164
number, which is what ``Address.as_data`` gives in Saleor too.
"""

from collections.abc import Iterable
from enum import Enum
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.forms.models import model_to_dict

from ..core.models import ModelWithMetadata


class Address(ModelWithMetadata):
    first_name = models.CharField(max_length=256, blank=True)
    last_name = models.CharField(max_length=256, blank=True)
    company_name = models.CharField(max_length=256, blank=True)
    street_address_1 = models.CharField(max_length=256, blank=True)
    street_address_2 = models.CharField(max_length=256, blank=True)
    city = models.CharField(max_length=256, blank=True)
    city_area = models.CharField(max_length=128, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2)
    country_area = models.CharField(max_length=128, blank=True)
    phone = models.CharField(max_length=128, blank=True, default="")
    validation_skipped = models.BooleanField(default=False)

    def as_data(self) -> dict[str, Any]:
        """Return the fields of ``AddressData`` and its like."""
        return model_to_dict(self, exclude=["id"])

    def get_copy(self) -> "Address":
        return Address.objects.create(**self.as_data())


class User(ModelWithMetadata, AbstractBaseUser):
    """A person. Staff here hold every permission; Saleor has groups."""

    email = models.EmailField(unique=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "email"

    def has_perm(self, perm: Enum) -> bool:
        return self.is_active and self.is_staff

    def has_perms(self, perm_list: Iterable[Enum]) -> bool:
        return all(self.has_perm(perm) for perm in perm_list)
