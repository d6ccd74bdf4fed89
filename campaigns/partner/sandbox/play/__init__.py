"""How a campaign's calls go, as a pure function of the campaign, the number and the time.

Nothing is remembered and nothing happens in the background: what has come of a number's calls at an instant
is calculated whenever somebody asks. The seed is the campaign's id and the number, so it is the same every
time, and what has happened does not change as the clock goes on.
"""
