"""Who answers for a payment gateway (``saleor.app.models``).

An app here has no token and no webhook: nothing can be asked of it, and it can ask
for nothing.
"""

from collections.abc import Iterable
from uuid import uuid4

from django.db import models

from ..core.models import ModelWithMetadata
from ..permission.enums import BasePermissionEnum
from ..permission.models import Permission
from .types import AppType


class AppQueryset(models.QuerySet["App"]):
    def not_removed(self) -> "AppQueryset":
        return self.filter(removed_at__isnull=True)

    def marked_to_be_removed(self) -> "AppQueryset":
        return self.filter(removed_at__isnull=False)


AppManager = models.Manager.from_queryset(AppQueryset)


class App(ModelWithMetadata):
    uuid = models.UUIDField(unique=True, default=uuid4)
    name = models.CharField(max_length=60)
    created_at = models.DateTimeField(auto_now_add=True)
    is_active = models.BooleanField(default=True)
    removed_at = models.DateTimeField(blank=True, null=True)
    type = models.CharField(
        choices=AppType.CHOICES, default=AppType.LOCAL, max_length=60
    )
    identifier = models.CharField(max_length=256, blank=True)
    permissions = models.ManyToManyField(
        Permission, blank=True, related_name="app_set", related_query_name="app"
    )

    objects = AppManager()

    class Meta:
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name

    def get_permissions(self) -> set[str]:
        if not self.is_active:
            return set()
        rows = self.permissions.values_list("content_type__app_label", "codename")
        return {f"{app_label}.{codename}" for app_label, codename in rows}

    def has_perms(self, perm_list: Iterable[BasePermissionEnum | str]) -> bool:
        return self.is_active and all(self.has_perm(perm) for perm in perm_list)

    def has_perm(self, perm: BasePermissionEnum | str) -> bool:
        name = perm.value if isinstance(perm, BasePermissionEnum) else perm
        return name in self.get_permissions()


class AppProblem(models.Model):
    """What an app wants staff to look at."""

    MAX_PROBLEMS_PER_APP = 100

    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="problems")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    message = models.CharField(max_length=2048)
    key = models.CharField(max_length=128)
    count = models.PositiveIntegerField(default=1)
    is_critical = models.BooleanField(default=False)
    dismissed = models.BooleanField(default=False)

    class Meta:
        ordering = ("-created_at",)
