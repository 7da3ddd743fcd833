"""The ways in which a rating comes in, and the national codes of these ways.

Codes 1 to 7 are those of the national platform's interface (and of the standard's table 9). Other
provinces use 6 for text messages and 7 for default ratings: whoever exchanges data with them maps
there, the key stays as it is.
"""

CODES = {
    "pc": "1",
    "mobile": "2",
    "qr": "3",
    "tablet": "4",
    "terminal": "5",
    "phone": "6",
    "sms": "7",
}
CHANNELS = tuple(CODES)


def channel_of(code: str) -> str:
    """Return the channel that a national code means; ValueError when there is none."""
    for channel, own in CODES.items():
        if own == code:
            return channel
    raise ValueError(f"no channel {code!r}")
