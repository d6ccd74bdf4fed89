"""A delivery: one try at handing one part to the partner.

`answers` has what an answer of the partner means for it, `row` its columns, `decisions` what people say
of it, `guards` the three guards of "at most once".
"""
