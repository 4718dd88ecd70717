"""What was measured, as a table for people and as JSON, with the machine's looks."""

import json
import os
import platform
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Row:
    what: str
    value: float
    unit: str = ""
    stripe: float | None = None
    """The same of Saleor's own Stripe plugin."""
    at_most: float | None = None
    """The goal."""
    is_shown: bool = False
    """Whether it is one of the few that docs/speed.md shows."""

    @property
    def holds(self) -> bool:
        return self.at_most is None or self.value <= self.at_most


@dataclass
class Part:
    title: str
    how: str
    """What was done, for the reader who doubts the numbers."""
    rows: list[Row] = field(default_factory=list)

    def as_markdown(self) -> list[str]:
        has_stripe = any(row.stripe is not None for row in self.rows)
        columns = ["", "DGS-Pay", *(["Stripe"] if has_stripe else []), "goal"]
        lines = ["", f"## {self.title}", "", self.how, ""]
        lines.append(f"| {' | '.join(columns)} |")
        lines.append(f"|---{'|--:' * (len(columns) - 1)}|")
        for row in self.rows:
            cells = [row.what, _number(row.value, row.unit)]
            if has_stripe:
                cells.append(_number(row.stripe, row.unit))
            cells.append(_goal(row))
            lines.append(f"| {' | '.join(cells)} |")
        return lines


@dataclass(frozen=True)
class Results:
    host: str
    machine: dict[str, Any]
    parts: list[Part] = field(default_factory=list)

    @property
    def goals_missed(self) -> list[str]:
        return [
            f"{part.title}: {row.what}"
            for part in self.parts
            for row in part.rows
            if not row.holds
        ]

    @classmethod
    def from_json(cls, text: str) -> "Results":
        fields = json.loads(text)
        for part in fields["parts"]:
            part["rows"] = [Row(**row) for row in part["rows"]]
        return cls(**{**fields, "parts": [Part(**part) for part in fields["parts"]]})

    def as_json(self) -> str:
        return json.dumps(asdict(self), indent=1) + "\n"

    def as_speed_table(self) -> str:
        lines = [
            "| Speed | DGS-Pay | Saleor's Stripe plugin | Goal |",
            "|---|--:|--:|--:|",
        ]
        lines += [
            f"| {part.title}: {row.what} | {_number(row.value, row.unit)} "
            f"| {_number(row.stripe, row.unit)} | {_goal(row)} |"
            for part in self.parts
            for row in part.rows
            if row.is_shown
        ]
        return "".join(f"{line}\n" for line in lines)

    def as_markdown(self) -> str:
        return "\n".join(
            [
                "# Speed",
                "",
                "Measured by `make bench`; `results.json` beside this file holds the "
                "same numbers. Machines differ: look at the ratios, and at what "
                "Saleor's own Stripe plugin takes for the same work in the same run.",
                "",
                f"- host: {self.host}",
                *(f"- {name}: {value}" for name, value in self.machine.items()),
                *(line for part in self.parts for line in part.as_markdown()),
                "",
            ]
        )


def _goal(row: Row) -> str:
    if row.at_most is None:
        return ""
    goal = f"≤ {_number(row.at_most, row.unit)}"
    return goal if row.holds else f"**missed:** {goal}"


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    digits = 0 if float(value).is_integer() or value >= 100 else 2 if value < 10 else 1
    return f"{value:,.{digits}f} {unit}".strip()


SPEED_TABLE = re.compile(r"^\| Speed \|.*\n(?:\|.*\n)*", re.MULTILINE)


def with_speed_table(page: str, results: Results) -> str:
    """The page with the table of these results in the place of its own."""
    return SPEED_TABLE.sub(lambda _: results.as_speed_table(), page)


def machine() -> dict[str, Any]:
    return {
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        # 1 for each core that was busy before the first measurement.
        "load": round(os.getloadavg()[0], 1),
    }


def _processor() -> str:
    names = Path("/proc/cpuinfo")
    if names.exists():
        for line in names.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
