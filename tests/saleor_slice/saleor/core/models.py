"""Metadata that staff and plugins keep on a record (``saleor.core.models``)."""

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class ModelWithMetadata(models.Model):
    private_metadata = models.JSONField(
        blank=True, db_default={}, default=dict, encoder=DjangoJSONEncoder
    )
    metadata = models.JSONField(
        blank=True, db_default={}, default=dict, encoder=DjangoJSONEncoder
    )

    class Meta:
        abstract = True

    def get_value_from_private_metadata(self, key: str, default: Any = None) -> Any:
        return self.private_metadata.get(key, default)

    def store_value_in_private_metadata(self, items: dict[str, Any]) -> None:
        self.private_metadata = {**(self.private_metadata or {}), **items}

    def delete_value_from_private_metadata(self, key: str) -> bool:
        if key not in self.private_metadata:
            return False
        del self.private_metadata[key]
        return True

    def get_value_from_metadata(self, key: str, default: Any = None) -> Any:
        return self.metadata.get(key, default)

    def store_value_in_metadata(self, items: dict[str, Any]) -> None:
        self.metadata = {**(self.metadata or {}), **items}

    def delete_value_from_metadata(self, key: str) -> None:
        self.metadata.pop(key, None)
