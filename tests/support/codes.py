"""The codes that are printed on a paper, read from its picture as a phone does."""

import pypdfium2
import zxingcpp

_SCALE = 3  # 216 dpi


def read_codes(pdf: bytes) -> list[str]:
    """Return the texts of all codes on all pages of a PDF."""
    document = pypdfium2.PdfDocument(pdf)
    pictures = [page.render(scale=_SCALE).to_pil().convert("L") for page in document]
    return [code.text for picture in pictures for code in zxingcpp.read_barcodes(picture)]
