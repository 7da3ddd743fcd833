import base64
from xml.etree import ElementTree

import pytest
from shenpi_base.tools import barcodes

NUMBER = "11370200MB285591853370117000001202606100110"


def parse(uri):
    kind, _comma, content = uri.partition(",")
    assert kind == "data:image/svg+xml;base64"
    return ElementTree.fromstring(base64.b64decode(content))


def get_bars(svg):
    """Left edge and width of every bar, in millimetres; the first rectangle is the background."""
    return [
        (float(bar.get("x")[:-2]), float(bar.get("width")[:-2]))
        for bar in svg.iter("{http://www.w3.org/2000/svg}rect")
        if bar.get("x")
    ]


def test_bars_are_wide_enough_and_fit_the_page():
    svg = parse(barcodes.code128(NUMBER))
    bars = get_bars(svg)
    assert min(width for _left, width in bars) * 0.75 >= 0.24, "after wkhtmltopdf's scaling"
    assert bars[0][0] >= 2.5, "quiet zone"
    assert float(svg.get("width")[:-2]) < 168 / 0.75, "within the margins of A4"


def test_bars_differ_with_the_text():
    assert get_bars(parse(barcodes.code128(NUMBER))) != get_bars(
        parse(barcodes.code128(NUMBER[:-1] + "1"))
    )


def test_every_symbol_has_three_bars():
    """Code 128: three bars to a symbol, four to the stop."""
    assert (len(get_bars(parse(barcodes.code128(NUMBER)))) - 4) % 3 == 0


def test_qr_is_a_square():
    svg = parse(barcodes.qr("https://example.org/shenpi/progress/" + "a" * 32))
    _left, _top, width, height = map(float, svg.get("viewBox").split())
    assert width == height


@pytest.mark.parametrize("encode", [barcodes.code128, barcodes.qr])
def test_nothing_to_encode(encode):
    with pytest.raises(ValueError, match="nothing"):
        encode("")
