"""One answer of the browser, whatever it pays with."""

from pydantic import BaseModel, ConfigDict, SecretStr


class BrowserStep(BaseModel):
    """One answer of the browser, as DGS-Pay's fields."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, hide_input_in_errors=True
    )

    def fields(self) -> dict[str, str]:
        """The fields as they go to DGS-Pay. Never log or store what this returns."""
        return {
            name: value.get_secret_value() if isinstance(value, SecretStr) else value
            for name, value in self
            if value is not None
        }
