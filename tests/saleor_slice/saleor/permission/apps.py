from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountAppConfig(AppConfig):
    name = "saleor.permission"

    def ready(self) -> None:
        from .management import create_permissions  # its model can be imported only now

        post_migrate.connect(create_permissions)
