"""The picture of a dial plan, and the position of everything in it."""

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given

from campaigns.drafts.dialplan import picture
from campaigns.drafts.dialplan.plan import DayHours, laid_out
from campaigns.drafts.dialplan.rounds import Pace
from tests.drafts.dialplan import test_plan as cases
from tests.drafts.dialplan.test_plan import FRI, LONDON, THU, day, planned


def test_a_day_is_a_row_with_its_window_and_a_lane_for_each_attempt() -> None:
    plan = planned(
        day(THU, "09:00", "11:00"), day(FRI, "10:00", "13:00"), people=60, intervals=(90, 0)
    )
    drawn = picture.drawn(plan)
    assert drawn
    assert [tick.label for tick in drawn.ticks] == ["09:00", "10:00", "11:00", "12:00", "13:00"]
    thursday, friday = drawn.rows
    assert thursday.bars == [picture.Bar("0.00%", "50.00%", is_used=True)]
    assert friday.bars == [picture.Bar("25.00%", "75.00%", is_used=True)]
    # The second attempt begins half an hour before the window closes, and continues the next day.
    one, two = thursday.lanes
    assert (one.number, one.first, one.last) == (1, "0.00%", "24.58%")
    assert (two.number, two.first, two.last, two.tracks) == (
        2,
        "37.50%",
        None,
        [("37.50%", "50.00%")],
    )
    (two,) = friday.lanes
    assert (two.number, two.first, two.last, two.tracks) == (
        2,
        None,
        "37.08%",
        [("25.00%", "37.08%")],
    )


def test_a_window_that_is_not_needed_says_so() -> None:
    drawn = picture.drawn(planned(day(THU, "09:00", "11:00"), day(FRI, "09:00", "11:00")))
    assert drawn
    assert [row.bars[0].is_used for row in drawn.rows] == [True, False]


@pytest.mark.parametrize(
    ("on", "holiday", "remark"),
    [
        (THU, "", ""),
        (THU, "St Nobody’s Day", "St Nobody’s Day"),
        (THU, "The Day of a Very Long Name Indeed", "The Day of a Very Long Na…"),
        (date(2027, 3, 28), "", "clocks change"),
    ],
)
def test_a_bank_holiday_or_change_of_the_clocks_has_a_remark(
    on: date, holiday: str, remark: str
) -> None:
    hours = day(on, "00:30", "09:00")
    plan = laid_out(hours, [], [], Pace(1, 1, 1), zone=LONDON, holidays={on: holiday})
    drawn = picture.drawn(plan)
    assert drawn
    assert [row.remark for row in drawn.rows] == [remark]


def test_a_plan_without_windows_has_no_picture() -> None:
    assert picture.drawn(planned(day(date(2026, 3, 29), "01:30", "02:15"))) is None


@example([day(date(2026, 3, 29), "00:00", "01:00")], (), 61, LONDON)
@given(cases.days(), cases.intervals, cases.people, cases.zones)
def test_everything_is_inside_the_picture(
    days: list[DayHours], intervals: tuple[int, ...], people: int, zone: ZoneInfo
) -> None:
    drawn = picture.drawn(planned(*days, intervals=intervals, people=people, zone=zone))
    if drawn is None:
        return
    across = [tick.x for tick in drawn.ticks]
    for row in drawn.rows:
        assert row.y + row.height <= drawn.height
        for bar in row.bars:
            across += [bar.x, f"{float(bar.x[:-1]) + float(bar.width[:-1]):.1f}%"]
        for lane in row.lanes:
            assert row.y < lane.y < row.y + row.height
            across += [x for track in lane.tracks for x in track]
            across += [x for x in (lane.first, lane.last) if x]
    assert all(0 <= float(x.removesuffix("%")) <= 100 for x in across)
    assert 2 <= len(drawn.ticks) <= picture.MOST_TICKS
    lanes = [lane for row in drawn.rows for lane in row.lanes]
    assert sum(lane.first is not None for lane in lanes) <= max(1, len(intervals))


def test_a_window_to_the_last_minute_of_a_day_reaches_24_00() -> None:
    drawn = picture.drawn(planned(DayHours(THU, time(0), time(23, 59, 59))))
    assert drawn
    assert drawn.ticks[-1].label == "24:00"
