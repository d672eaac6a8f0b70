"""Hypothesis strategies for values that several tests of rules draw."""

from fractions import Fraction

from hypothesis import strategies as st

from feedesk.rules.tiers import Tier, TierTable

_prices = st.fractions(min_value=0, max_value=20, max_denominator=100)
_widths = st.fractions(min_value="1/10", max_value=2000, max_denominator=100)


@st.composite
def tier_tables(draw: st.DrawFn, *, rising: bool = False) -> TierTable:
    """One to four tiers, monthly or yearly from any day, at any prices, or at ``rising`` ones."""
    count = draw(st.integers(1, 4))
    prices = draw(st.lists(_prices, min_size=count, max_size=count))
    bound, tiers = Fraction(0), []
    for price in sorted(prices) if rising else prices:
        bound += draw(_widths)
        tiers.append(Tier(bound, price))
    tiers[-1] = Tier(None, tiers[-1].price)
    restart = draw(st.sampled_from([(1, 1), (7, 1), (12, 31), (2, 28)]))
    return TierTable(tuple(tiers), draw(st.booleans()), restart)
