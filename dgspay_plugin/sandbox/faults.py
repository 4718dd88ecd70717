"""Faults a test orders in advance: what goes wrong with one of the next requests."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from .errors import ErrorCode

Operation = Literal["charge", "authorize", "transaction", "transactions", "balance"]
Seconds = Annotated[float, Field(ge=0, le=600)]
Count = Annotated[int, Field(ge=1)]


class _Fault(BaseModel):
    model_config = ConfigDict(extra="forbid")

    times: Count = 1
    """How many requests it still spoils."""
    reference: str | None = None
    """Spoil only what concerns this charge."""

    def describe(self) -> str:
        """The fault in one line, as it was ordered."""
        ordered = self.model_dump(
            exclude_defaults=True, exclude={"times", "reference", "operation"}
        )
        return ", ".join(f"{name}: {value}" for name, value in ordered.items())


class AnswerFault(_Fault):
    """A request to the API that goes wrong."""

    operation: Operation
    delay: Seconds = 0
    """Wait so long with the answer, after the request took effect."""
    delay_processing: Seconds = 0
    """Wait so long before the request takes effect."""
    cut: Literal["before", "during", "after"] | None = None
    """Close the connection: before anything is done, in mid-answer, or with
    everything done and no byte answered."""
    status: Annotated[int, Field(ge=200, le=599)] | None = None
    body: str | None = None
    """Answer this text instead of JSON, with ``status`` or 200."""
    error_code: ErrorCode | None = None
    processed: bool | None = None
    """Whether the request takes effect. Unless said: not with a cut before, a
    status or an error code."""

    @model_validator(mode="after")
    def _does_something_possible(self) -> "AnswerFault":
        if not self.describe():
            raise ValueError("the fault changes nothing")
        if self.cut == "before" and self.processed:
            raise ValueError("a request cut before cannot be processed")
        if not self.takes_effect and not self.has_answer_of_its_own:
            raise ValueError("an unprocessed request needs a cut, status, body or code")
        return self

    @property
    def has_answer_of_its_own(self) -> bool:
        return not (
            self.cut is None
            and self.status is None
            and self.body is None
            and self.error_code is None
        )

    @property
    def takes_effect(self) -> bool:
        if self.processed is not None:
            return self.processed
        return self.cut != "before" and self.status is None and self.error_code is None


class WebhookFault(_Fault):
    """A webhook that goes wrong."""

    operation: Literal["webhook"]
    drop: bool = False
    hold: bool = False
    """Keep it until ``POST /_sandbox/webhooks/release``."""
    delay: Seconds = 0
    duplicate: Annotated[int, Field(ge=0, le=100)] = 0
    """Send so many more of it at the same moment."""
    forge: bool = False
    """Sign it with a secret that is not the merchant's."""
    before_answer: bool = False
    """Deliver it before the request that caused it is answered."""

    @model_validator(mode="after")
    def _does_something(self) -> "WebhookFault":
        if not self.describe():
            raise ValueError("the fault changes nothing")
        return self


Fault = AnswerFault | WebhookFault
FAULT: TypeAdapter[Fault] = TypeAdapter(
    Annotated[Fault, Field(discriminator="operation")]
)


class Faults:
    """The faults still to come, in the order in which they were ordered."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._waiting)

    def order(self, fault: Fault) -> None:
        self._waiting.append(fault)

    def clear(self) -> None:
        self._waiting.clear()

    def for_answer(
        self, operation: Operation, reference: str | None
    ) -> AnswerFault | None:
        """Use up the first fault that fits this request."""
        for fault in self._waiting:
            if (
                isinstance(fault, AnswerFault)
                and fault.operation == operation
                and fault.reference in (None, reference)
            ):
                self._use(fault)
                return fault
        return None

    def for_webhook(self, reference: str) -> WebhookFault | None:
        """Use up the first fault that fits a webhook of this charge."""
        for fault in self._waiting:
            if isinstance(fault, WebhookFault) and fault.reference in (None, reference):
                self._use(fault)
                return fault
        return None

    def _use(self, fault: Fault) -> None:
        fault.times -= 1
        if not fault.times:
            self._waiting.remove(fault)
