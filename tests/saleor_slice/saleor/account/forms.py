from typing import Any

from .i18n import AddressForm
from .models import Address


def get_address_form(
    data: dict[str, Any],
    country_code: str,
    initial: dict[str, Any] | None = None,
    instance: Address | None = None,
    enable_normalization: bool = True,
    **kwargs: Any,
) -> AddressForm:
    """Make the form of an address; it is valid if its country's rules are kept."""
    return AddressForm(
        {"country": country_code, **data},
        initial=initial,
        instance=instance,
        enable_normalization=enable_normalization,
        **kwargs,
    )
