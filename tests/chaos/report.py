"""The table that a chaos run prints."""

from collections.abc import Iterator

from tests.chaos.run import Result, Size


def table(host: str, seed: int, size: Size, result: Result) -> str:
    return "\n".join(_lines(host, seed, size, result))


def _lines(host: str, seed: int, size: Size, result: Result) -> Iterator[str]:
    yield f"Chaos on {host}, seed {seed}"
    yield from _counts(
        {
            "payments intended": size.payments,
            "customers at a time": size.customers,
            "kills of the server, sell-outs and flushes": size.kills,
            "seconds": round(result.seconds),
        }
    )
    yield f"\nFaults that struck: {result.faults.total()}"
    yield from _counts(dict(sorted(result.faults.items())))
    yield "\nWhat customers saw last"
    yield from _counts(dict(result.outcomes.most_common()))
    yield "\nIn the end"
    yield from _counts(
        {
            "charges that succeeded": result.charged,
            "captures": result.captured,
            "orders": result.orders,
            "customers charged too much, as the owner was told": result.overcharged,
            "left to a person": len(result.for_a_person),
            "differences": len(result.differences),
            "secrets outside": len(result.leaks),
        }
    )
    for title, lines in (
        ("Left to a person", result.for_a_person),
        ("Differences", result.differences),
        ("Secrets outside", result.leaks),
    ):
        if lines:
            yield f"\n{title}"
            yield from (f"  - {line}" for line in lines)


def _counts(counts: dict[str, int]) -> Iterator[str]:
    for name, count in counts.items():
        yield f"{count:>7}  {name}"
