"""What a file is, told by its first bytes."""

import pytest
from shenpi_evaluation.tools.uploads import mimetype_of


@pytest.mark.parametrize(
    ("content", "mimetype"),
    [
        (b"%PDF-1.4\n", "application/pdf"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\x00", "image/png"),
        (b"", None),
        (b"<html>", None),
        (b"GIF89a", None),
        (b" %PDF-1.4", None),
        (b"PK\x03\x04", None),
    ],
)
def test_known_and_unknown(content, mimetype):
    assert mimetype_of(content) == mimetype
