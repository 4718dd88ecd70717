import phonenumbers
from django.core.exceptions import ValidationError


def validate_possible_number(phone: str, country: str | None = None) -> str:
    """Return the number in E.164, or raise ValidationError."""
    try:
        number = phonenumbers.parse(phone, country)
    except phonenumbers.NumberParseException:
        number = None
    if not number or not phonenumbers.is_possible_number(number):
        raise ValidationError("The phone number entered is not valid.", code="invalid")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
