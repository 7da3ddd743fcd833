"""Finding Debian's mirror in the machine's own apt sources."""

import pytest
from bootstrap import archive
from bootstrap.console import Failure

ONE_LINE = """
# deb http://commented.example/debian bookworm main
deb [arch=amd64 signed-by=/k.gpg] http://other.example/apt bookworm stable
deb http://security.example/debian-security bookworm-security main
deb-src http://source.example/debian bookworm main
deb [arch=amd64] http://one.example/debian bookworm main contrib # the one
"""

DEB822 = """
Types: deb
URIs: http://disabled.example/debian
Suites: bookworm
Components: main
Enabled: no

Types: deb deb-src
# a comment between the fields
URIs: http://two.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 -----END PGP PUBLIC KEY BLOCK-----
"""


@pytest.fixture
def sources(tmp_path, monkeypatch):
    """An apt folder of a Debian 12, with no sources yet."""
    (tmp_path / "sources.list.d").mkdir()
    monkeypatch.setattr(archive, "_SOURCES", tmp_path)
    monkeypatch.setattr(archive, "_codename", lambda: "bookworm")
    return tmp_path


def test_one_line_format(sources):
    (sources / "sources.list").write_text(ONE_LINE)
    assert archive.find_mirror() == "http://one.example/debian"


def test_deb822_format(sources):
    (sources / "sources.list.d" / "debian.sources").write_text(DEB822)
    assert archive.find_mirror() == "http://two.example/debian"


def test_other_peoples_repositories_are_no_mirror(sources):
    (sources / "sources.list.d" / "node.sources").write_text(
        "Types: deb\nURIs: https://node.example/20\nSuites: nodistro\nComponents: main\n"
    )
    (sources / "sources.list").write_text("deb http://a.example/debian-security bookworm main\n")
    with pytest.raises(Failure, match="no Debian mirror"):
        archive.find_mirror()


def test_a_list_of_mirrors_is_passed_on(sources):
    address = "mirror+file:/etc/apt/mirrors/debian.list"
    (sources / "sources.list").write_text(f"deb {address} bookworm main\n")
    assert archive.find_mirror() == address
