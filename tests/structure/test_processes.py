"""The tests of a file share a store, so they have to stay in one process."""

import pytest


def test_a_files_tests_stay_in_one_process(request: pytest.FixtureRequest) -> None:
    """A pytest that is newer than pytest-xdist knows may ignore its groups."""
    if not hasattr(request.config, "workerinput"):
        pytest.skip("played in one process: make test plays in several")
    assert "@tests/structure/test_processes.py" in request.node.nodeid
