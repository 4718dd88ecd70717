"""Which fields an address must have in which country (``saleor.account.i18n``).

Saleor knows it of every country, and also which values are good.
"""

from typing import Any

from django import forms

from .models import Address
from .validators import validate_possible_number

_REQUIRED = ("street_address_1", "city")
_ALSO_REQUIRED = {
    "CA": ("country_area", "postal_code"),
    "FR": ("postal_code",),
    "US": ("country_area", "postal_code"),
}


class AddressForm(forms.ModelForm):
    class Meta:
        model = Address
        exclude = []

    def __init__(self, *args: Any, **kwargs: Any):
        self.enable_normalization = kwargs.pop("enable_normalization", True)
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        country = data.get("country")
        for field in (*_REQUIRED, *_ALSO_REQUIRED.get(country, ())):
            if not data.get(field):
                self.add_error(
                    field,
                    forms.ValidationError("This field is required.", code="required"),
                )
        if phone := data.get("phone"):
            try:
                data["phone"] = validate_possible_number(phone, country)
            except forms.ValidationError as error:
                self.add_error("phone", error)
        return data
