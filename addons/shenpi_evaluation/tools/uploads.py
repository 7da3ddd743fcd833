"""What kind of file somebody sends, told by its first bytes and not by its name.

What
====
Public pages take pictures and PDF files only. :func:`mimetype_of` answers the type of a content,
or None for anything else.

Example
=======
>>> mimetype_of(b"%PDF-1.7 ..."), mimetype_of(b"<script>")
('application/pdf', None)
"""

MOST_FILES = 3
MOST_BYTES = 5 * 1024 * 1024
_SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
)
# What a page may offer to choose from.
MIMETYPES = tuple(mimetype for _signature, mimetype in _SIGNATURES)


def mimetype_of(content: bytes) -> str | None:
    """The type of a PDF file, JPEG or PNG picture; None for anything else."""
    for signature, mimetype in _SIGNATURES:
        if content.startswith(signature):
            return mimetype
    return None
