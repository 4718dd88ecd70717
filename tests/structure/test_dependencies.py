"""Installing the plugin changes nothing of what Saleor has installed."""

import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"

# Of Saleor's own lock files: all of 3.23's, and what the others have in its place.
IN_3_23 = {
    "babel": "2.17.0",
    "click": "8.2.1",
    "Django": "5.2.17",
    "phonenumberslite": "9.0.14",
    "pydantic": "2.12.5",
    "requests": "2.34.2",
    "urllib3": "2.7.0",
}
ELSEWHERE = {
    "3.21": {
        "click": "8.1.8",
        "phonenumberslite": "8.13.55",
        "pydantic": "2.11.3",
        "urllib3": "1.26.20",
    },
    "3.22": {"pydantic": "2.11.9"},
    "3.23": {},
    "3.24": {"babel": "2.18.0", "phonenumberslite": "9.0.32", "pydantic": "2.13.4"},
}


@pytest.mark.parametrize("version", ELSEWHERE)
def test_saleor_has_all_that_the_plugin_needs(version: str) -> None:
    project = tomllib.loads(PYPROJECT.read_text())["project"]
    needed = [Requirement(text) for text in project["dependencies"]]
    locked = IN_3_23 | ELSEWHERE[version]
    assert {requirement.name for requirement in needed} == locked.keys()
    assert not [
        f"{requirement}, not {locked[requirement.name]}"
        for requirement in needed
        if locked[requirement.name] not in requirement.specifier
    ]
