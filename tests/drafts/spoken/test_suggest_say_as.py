"""How a column is said: suggested only where its cells make it plain, and day or month first as they tell."""

import pytest

from campaigns.drafts.spoken.said_dates import Order
from campaigns.drafts.spoken.say_as import SayAs
from campaigns.drafts.spoken.suggest_say_as import Hint, hint

DAY, MONTH = (Order.DAY,), (Order.MONTH,)
BOTH = (Order.DAY, Order.MONTH)
DATE = Hint(SayAs.DATE_DAY_FIRST, DAY)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["2026-12-01", "2026-12-02"], DATE),
        (["2026-12-01 00:00:00"], DATE),
        (["1 Dec 2026", "", " ", "TBC"], DATE),
        (["01/02/2026", "13/02/2026"], DATE),
        (["01/02/2026"] * 300 + ["31/12/2026"], DATE),
        (["03/03/2026"], DATE),
        (["01/02/2026", "02/13/2026"], Hint(SayAs.DATE_MONTH_FIRST, MONTH)),
        (["Tue 1 Dec 2026", "Wed 2 Dec 2026"], Hint(SayAs.DAY_DATE_DAY_FIRST, DAY)),
        (["Tue 12/01/2026", "Wed 12/02/2026"], Hint(SayAs.DAY_DATE_MONTH_FIRST, MONTH)),
        (["01/02/2026", "02/03/2026"], Hint(orders=BOTH, asks=True)),
        (["13/02/2026", "02/13/2026"], Hint(orders=BOTH, asks=True)),
        # Said well as they are.
        (["1 December", "2 December"], Hint(orders=DAY)),
        (["Tuesday 1 December"], Hint(orders=DAY)),
        # Something would be left out: a year of birth, a time.
        (["1961-12-01", "1985-03-02"], Hint(orders=DAY)),
        (["1961-12-01", "01/13/1985"], Hint(orders=MONTH)),
        (["2026-12-01 09:30:00", "2026-12-01 00:00:00"], Hint(orders=DAY)),
        # Too few of them are dates.
        (["2026-12-01", "soon", "later"], Hint()),
        ([], Hint()),
        (["", "TBC"], Hint()),
    ],
)  # fmt: skip
def test_dates(cells: list[str], expected: Hint) -> None:
    assert hint("Due date", cells) == expected


@pytest.mark.parametrize(
    ("heading", "cells", "expected"),
    [
        ("Slot", ["09:00:00", "14:30:00"], SayAs.TIME),
        ("Slot", ["9:00", "TBC"], SayAs.TIME),
        ("Slot", ["9.30pm", "10 am"], SayAs.TIME),
        ("Slot", ["9 am", "midday"], SayAs.AS_IT_IS),
        ("Slot", ["9.30", "10.15"], SayAs.AS_IT_IS),
        ("Due", ["£1234.5", "£12"], SayAs.MONEY),
        ("Due", ["12 EUR"], SayAs.MONEY),
        ("Due", ["£12.50", "£1,234.50"], SayAs.AS_IT_IS),
        ("Amount due", ["1234.50", "12.00"], SayAs.MONEY),
        ("Amount due (€)", ["1234.50", "12.00"], SayAs.AS_IT_IS),
        ("Amount due", ["12.50", "$12.50"], SayAs.AS_IT_IS),
        ("Amount due", ["1234", "12"], SayAs.AS_IT_IS),
        ("Width", ["12.50"], SayAs.AS_IT_IS),
        ("Account", ["0012345", "12345"], SayAs.DIGITS),
        ("Account", ["12345678", "22345678"], SayAs.DIGITS),
        ("Account", ["12345678", "2234567"], SayAs.AS_IT_IS),
        ("Year", ["2026", "2027"], SayAs.AS_IT_IS),
        ("Usage", ["123456", "223456"], SayAs.AS_IT_IS),
        ("Account", ["12 34"], SayAs.AS_IT_IS),
        ("Day", ["45992", "45993"], SayAs.AS_IT_IS),
        ("Name", ["AMARA AHMED", "BEN BROWN"], SayAs.NAME),
        ("Surname", ["o'brien", "smith"], SayAs.NAME),
        ("Name", ["Amara", "Ben"], SayAs.AS_IT_IS),
        ("Name", ["AMARA", "Ben"], SayAs.AS_IT_IS),
        ("Name", ["FLAT 2", "FLAT 3"], SayAs.AS_IT_IS),
        ("Status", ["OVERDUE", "OPEN"], SayAs.AS_IT_IS),
    ],
)  # fmt: skip
def test_other_columns(heading: str, cells: list[str], expected: SayAs) -> None:
    assert hint(heading, cells) == Hint(expected)
