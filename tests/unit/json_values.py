"""Any JSON, as it is read with Decimal for numbers with a point."""

from decimal import Decimal

from hypothesis import strategies as st

decimals = st.decimals(allow_nan=False, allow_infinity=False) | st.sampled_from(
    [Decimal("1E+999999999"), Decimal("1E-999999999"), Decimal("-0.0")]
)
scalars = st.none() | st.booleans() | st.integers() | decimals | st.text()
json_values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
    ),
    max_leaves=12,
)
