"""Keys of texts against sets of pairs."""

from hypothesis import given
from hypothesis import strategies as st
from shenpi_evaluation.tools.similarity import key, normalise

TEXTS = st.text(alphabet="办不成事窗口，。 Ａa1！", max_size=60)


@given(TEXTS)
def test_every_pair_once(text):
    plain = normalise(text)
    pairs = key(text).split()
    assert len(pairs) == len(set(pairs))
    if len(plain) >= 2:
        assert set(pairs) == {plain[n : n + 2] for n in range(len(plain) - 1)}
    else:
        assert key(text) == plain


@given(TEXTS, st.sampled_from("，。！ \n"))
def test_punctuation_and_width_do_not_count(text, mark):
    assert key(f"{mark}{text}{mark}") == key(text)
    assert key(text.replace("Ａ", "a")) == key(text)
