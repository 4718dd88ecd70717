"""A release's packages can be made, installed and used."""

import subprocess
import zipfile
from pathlib import Path

import pytest

import dgspay_plugin
from tests.release.packages import HASHES, REPOSITORY, make_packages, write_hashes
from tests.release.trial import try_package

VERSION = dgspay_plugin.__version__
SDIST = f"saleor_dgspay-{VERSION}.tar.gz"
WHEEL = f"saleor_dgspay-{VERSION}-py3-none-any.whl"
NPM = f"saleor-dgspay-checkout-{VERSION}.tgz"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release")
    write_hashes(folder, make_packages(folder))
    return folder


def test_release_is_three_packages_and_their_hashes(folder: Path) -> None:
    assert {file.name for file in folder.iterdir()} == {SDIST, WHEEL, NPM, HASHES}
    subprocess.run(["sha256sum", "--check", "--strict", HASHES], cwd=folder, check=True)


def test_wheel_holds_every_file_of_the_plugin_and_nothing_else(folder: Path) -> None:
    files = {
        path.relative_to(REPOSITORY).as_posix()
        for path in (REPOSITORY / "dgspay_plugin").rglob("*.*")
        if "__pycache__" not in path.parts
    }
    packed = zipfile.ZipFile(folder / WHEEL).namelist()
    assert {name for name in packed if ".dist-info/" not in name} == files


@pytest.mark.parametrize("package", [SDIST, WHEEL, NPM])
def test_package_can_be_used_where_nothing_else_is(package: str, folder: Path) -> None:
    try_package(folder / package, lends_dependencies=True)
