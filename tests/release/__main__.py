"""Make the packages of a release, try each, and tell their hashes: ``make dist``."""

import argparse
from pathlib import Path

from .packages import make_packages, write_hashes
from .trial import try_package


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.release", description=__doc__
    )
    parser.add_argument("folder", type=Path, help="where the packages go")
    folder = parser.parse_args().folder.resolve()
    packages = make_packages(folder)
    for package in packages:
        try_package(package)
    print(write_hashes(folder, packages), end="")


if __name__ == "__main__":
    main()
