from urllib.parse import urlparse

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http.request import split_domain_port, validate_host


def validate_storefront_url(url: str) -> None:
    """Refuse a URL whose host is not one of ALLOWED_CLIENT_HOSTS."""
    try:
        netloc = urlparse(url).netloc
    except ValueError as error:
        raise ValidationError(str(error)) from error
    if not netloc:
        raise ValidationError("Invalid URL. Please check if URL is in RFC 1808 format.")
    domain, _ = split_domain_port(netloc)
    if not validate_host(domain, settings.ALLOWED_CLIENT_HOSTS):
        raise ValidationError(
            f"{domain or url} is not allowed. Please check "
            "`ALLOWED_CLIENT_HOSTS` configuration."
        )
