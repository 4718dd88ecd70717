from typing import Any

from django.apps import AppConfig
from django.contrib.contenttypes.models import ContentType

from .models import Permission


def create_permissions(app_config: AppConfig, **kwargs: Any) -> None:
    """Make a row for each permission that an app's models declare.

    Saleor also makes Django's own add, change, delete and view permissions.
    """
    for model in app_config.get_models():
        for codename, name in model._meta.permissions:
            Permission.objects.get_or_create(
                content_type=ContentType.objects.get_for_model(model),
                codename=codename,
                defaults={"name": name},
            )
