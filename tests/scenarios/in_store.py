"""Python code inside the store, for what no API of Saleor's can see or do."""

from tests.hosts.host import Host


def run_in_store(host: Host, code: str) -> str:
    """Run the code to its end, which has to be a good one, and return what it wrote."""
    done = host.manage("shell", "-c", code)
    assert done.returncode == 0, done.stderr
    return done.stdout
