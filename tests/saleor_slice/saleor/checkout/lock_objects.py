from django.db.models import QuerySet

from .models import Checkout


def checkout_qs_select_for_update() -> QuerySet[Checkout]:
    return Checkout.objects.order_by("pk").select_for_update(of=["self"])
