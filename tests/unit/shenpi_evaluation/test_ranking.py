"""The ranking against a naive count of those who are better."""

from hypothesis import given
from hypothesis import strategies as st
from shenpi_evaluation.tools.figures import SHARES, derive
from shenpi_evaluation.tools.ranking import rank

COUNTS = st.integers(0, 40).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))
ROWS = st.lists(COUNTS, max_size=30).map(
    lambda counts: [(key, *count) for key, count in enumerate(counts)]
)


@given(ROWS, st.integers(0, 20))
def test_a_rank_counts_those_who_are_better(rows, least):
    places = rank(rows, least)
    assert sorted(p.key for p in places) == [key for key, _part, _whole in rows]
    compared = [row for row in rows if row[2] >= max(least, 1)]
    for place in places:
        if place.whole < max(least, 1):
            assert place.rank is None
            continue
        # Shares compared across, without a division.
        better = [part for _key, part, whole in compared if part * place.whole > place.part * whole]
        assert place.rank == len(better) + 1


@given(ROWS, st.integers(0, 20))
def test_the_best_come_first_the_unranked_last(rows, least):
    ranks = [place.rank for place in rank(rows, least)]
    ranked = [number for number in ranks if number is not None]
    assert ranks == ranked + [None] * (len(ranks) - len(ranked))
    assert ranked == sorted(ranked)


def test_rows_are_read_once():
    assert [place.rank for place in rank(iter([("a", 1, 2), ("b", 1, 2), ("c", 0, 1)]), 2)] == [
        1,
        1,
        None,
    ]


@given(
    st.fixed_dictionaries({name: st.integers(0, 9) for share in SHARES.values() for name in share})
)
def test_shares_of_nothing_are_left_out(counts):
    shares = derive(counts)
    for name, (part, whole) in SHARES.items():
        if counts[whole]:
            assert (
                shares[name] * counts[whole] == counts[part]
                or abs(shares[name] - counts[part] / counts[whole]) < 1e-12
            )
        else:
            assert name not in shares
