"""Identity numbers that pass every check and can be nobody's, computed without our own code."""

_USCC_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_RIC_CHECK_DIGITS = "10X98765432"


def uscc(number: int) -> str:
    """Return a unified social credit code (GB 32100-2015)."""
    body = f"91000000MA{number:07d}"
    total = sum(
        _USCC_CHARACTERS.index(character) * pow(3, place, 31)
        for place, character in enumerate(body)
    )
    return body + _USCC_CHARACTERS[-total % 31]


def ric(number: int, birth_date: str = "19900307") -> str:
    """Return a resident identity number (GB 11643-1999); place 000000 does not exist."""
    body = f"000000{birth_date}{number % 1000:03d}"
    total = sum(int(character) * pow(2, 17 - place, 11) for place, character in enumerate(body))
    return body + _RIC_CHECK_DIGITS[total % 11]
