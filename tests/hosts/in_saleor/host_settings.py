"""Saleor's own settings, with what could show card data logged at DEBUG."""

from saleor.settings import *  # noqa: F403
from saleor.settings import LOGGING

for name in ("dgspay_plugin", "django", "django.request", "saleor", "urllib3"):
    LOGGING["loggers"].setdefault(name, {})["level"] = "DEBUG"
