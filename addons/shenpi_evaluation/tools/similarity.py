"""Texts as keys that can be compared for similarity, Chinese ones of two characters too.

What
====
PostgreSQL's trigrams compare words. Chinese writes no blanks, so a whole sentence is one word, and
a word of two characters gives no trigram that is its own. :func:`key` writes a text as its pairs of
neighbouring characters with a blank between them: each pair is then a word, and the share of
trigrams in common follows the share of pairs in common.

Example
=======
>>> key("办不成事！窗口")
'办不 不成 成事 事窗 窗口'
>>> key("Ｗｉ-Fi 断"), key("水"), key("，。")
('wi if fi i断', '水', '')

How it works
============
Full-width forms become plain ones, capitals small, everything but letters, digits and characters
is dropped. Each pair is kept once, in the order of its first place; long texts are cut, since what
two people say of one matter agrees in the first sentences.
"""

import unicodedata

_LONGEST = 200


def normalise(text: str) -> str:
    """The letters, digits and characters of a text, in one form."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return "".join(char for char in plain if char.isalnum())


def key(text: str) -> str:
    """The pairs of neighbouring characters of a text, with blanks between them."""
    plain = normalise(text)[:_LONGEST]
    if len(plain) < 2:
        return plain
    return " ".join(dict.fromkeys(a + b for a, b in zip(plain, plain[1:], strict=False)))
