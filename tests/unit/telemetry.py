"""Saleor's telemetry (saleor/core/telemetry), which the stand-in does not have."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import ModuleType
from typing import Any


class MetricType(Enum):
    COUNTER = "counter"
    HISTOGRAM = "histogram"


class Scope(Enum):
    SERVICE = "saleor.service"


class Unit(Enum):
    SECOND = "s"
    COUNT = "{count}"


@dataclass
class Meter:
    """Keeps what it is told."""

    made: dict[str, dict[str, Any]] = field(default_factory=dict)
    told: list[tuple[str, float, Unit, dict[str, str]]] = field(default_factory=list)
    fails: bool = False

    def create_metric(self, name: str, **facts: Any) -> str:
        if self.fails or name in self.made:
            raise RuntimeError(f"Metric {name} already created")
        self.made[name] = facts
        return name

    def record(
        self,
        metric_name: str,
        amount: float,
        unit: Unit,
        *,
        attributes: Mapping[str, str] | None = None,
    ) -> None:
        if self.fails:
            raise RuntimeError("the meter is broken")
        self.told.append((metric_name, amount, unit, dict(attributes or {})))

    def counted(self, name: str) -> dict[str, float]:
        """A counter: how many, by its labels as text: "endpoint=charge step=pin"."""
        sums: dict[str, float] = {}
        for told, amount, _, attributes in self.told:
            if told == name:
                labels = " ".join(map("=".join, sorted(attributes.items())))
                sums[labels] = sums.get(labels, 0) + amount
        return sums

    def durations(self, name: str) -> list[float]:
        return [amount for told, amount, _, _ in self.told if told == name]


def telemetry(meter: Meter) -> ModuleType:
    """In the place of the module `saleor.core.telemetry`."""
    module = ModuleType("saleor.core.telemetry")
    module.__dict__.update(MetricType=MetricType, Scope=Scope, Unit=Unit, meter=meter)
    return module
