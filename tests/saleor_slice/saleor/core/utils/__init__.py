"""Addresses of this store (``saleor.core.utils``).

Saleor falls back to its Site record when PUBLIC_URL is not set; the stand-in
always has a PUBLIC_URL.
"""

from urllib.parse import urljoin, urlparse

from django.conf import settings
from django.http import HttpRequest
from django.utils.encoding import iri_to_uri


def get_domain() -> str:
    return urlparse(settings.PUBLIC_URL).netloc


def get_public_url() -> str:
    return settings.PUBLIC_URL


def build_absolute_uri(location: str) -> str:
    """Complete a path with the store's own address; keep an absolute URL."""
    return iri_to_uri(urljoin(get_public_url(), location))


def get_client_ip(request: HttpRequest) -> str:
    return request.META["REMOTE_ADDR"]
