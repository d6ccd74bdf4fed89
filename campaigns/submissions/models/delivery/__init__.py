"""A delivery: one try at handing one part to the partner.

`row` has its columns, `decisions` what people say of it, `guards` the three guards of "at most once".
"""
