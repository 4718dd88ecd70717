"""Says at the end of a test run what could not run on this machine, and why."""

from collections import Counter

from pytest import CollectReport, TerminalReporter, TestReport


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """One line for each reason, whatever number of tests it has kept from running."""
    skipped: list[TestReport | CollectReport] = terminalreporter.stats.get(
        "skipped", []
    )
    reasons = Counter(map(_reason, skipped))
    if reasons:
        terminalreporter.section("could not run here", yellow=True)
    for reason, count in reasons.most_common():
        tests = "test" if count == 1 else "tests"
        terminalreporter.write_line(f"{count} {tests}: {reason}", yellow=True)


def _reason(report: TestReport | CollectReport) -> str:
    match report.longrepr:
        case (_, _, reason):
            return str(reason).removeprefix("Skipped: ")
    return str(report.longrepr)
