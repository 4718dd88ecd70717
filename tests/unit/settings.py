"""Django's settings of the unit tests: the stand-in for Saleor, in this process."""

from tests.saleor_slice.settings import *  # noqa: F403

PUBLIC_URL = "https://store.example"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# Logging is pytest's.
LOGGING_CONFIG = None
# The staff's password is hashed for every test that needs a store.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
