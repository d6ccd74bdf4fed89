"""Telephone numbers as people write them: accepted, repaired or refused with a reason."""

import random
import re
import string

import phonenumbers
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from campaigns.uploads.numbers.checker import (
    FORMULA_MARKER,
    SENTENCES,
    UK_REGIONS,
    NumberChecker,
    Reason,
)

SANDBOX = NumberChecker(allow_fictional=True)
LIVE = NumberChecker(allow_fictional=False)
ABROAD = NumberChecker(allow_fictional=True, countries=frozenset({"FR", "IE", "US"}))


@pytest.mark.parametrize(
    "written",
    [
        "07722123456",
        "7722123456",
        "447722123456",
        "+447722123456",
        "00447722123456",
        "07722 123456",
        " 07722\t123\n456 ",
        "07722\N{NO-BREAK SPACE}123\N{NARROW NO-BREAK SPACE}456",
        "07722-123-456",
        "07722\N{EN DASH}123\N{NON-BREAKING HYPHEN}456",
        "(07722) 123456",
        "[07722] 123456",
        "07722.123.456",
        "07722/123456",
        "+44 (0)7722 123456",
        "0044 (0) 7722 123456",
        "0+44(0)7722123456",
        "+0044 7722 123456",
        "+07722123456",
        "044 7722 123456",
        "000007722123456",
        "7722123456.0",
        "447722123456.00",
        "7722123456,0",
        "7,722,123,456",
        "\uff10\uff17\uff17\uff12\uff12\uff11\uff12\uff13\uff14\uff15\uff16",
        "\uff0b\uff14\uff14\uff08\uff10\uff097722123456",
        "\u0660\u0667\u0667\u0662\u0662\u0661\u0662\u0663\u0664\u0665\u0666",
        "\u06f0\u06f7\u06f7\u06f2\u06f2\u06f1\u06f2\u06f3\u06f4\u06f5\u06f6",
        "\N{ZERO WIDTH SPACE}07722\N{SOFT HYPHEN}123456\N{LEFT-TO-RIGHT MARK}",
        "\N{ZERO WIDTH NO-BREAK SPACE}07722123456",
        "'07722123456",
        "\N{RIGHT SINGLE QUOTATION MARK}07722123456",
        '"07722123456"',
        '="07722123456"',
        "tel:+447722123456",
        "Tel: 07722 123456",
        "Mobile 07722 123456",
    ],
)
def test_a_number_that_is_safe_to_repair_is_repaired(written: str) -> None:
    assert SANDBOX.check(written) == "+447722123456"


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", Reason.EMPTY),
        (" \t\N{ZERO WIDTH SPACE}", Reason.EMPTY),
        ("'", Reason.EMPTY),
        ("4.47722E+11", Reason.SHORTENED),
        ("4,47722e+11", Reason.SHORTENED),
        ("7.72212E+09", Reason.SHORTENED),
        ("4E+11", Reason.SHORTENED),
        (FORMULA_MARKER, Reason.FORMULA_WITHOUT_VALUE),
        ("none", Reason.NOT_A_NUMBER),
        ("#N/A", Reason.NOT_A_NUMBER),
        ("+", Reason.NOT_A_NUMBER),
        ("=A1", Reason.NOT_A_NUMBER),
        ("0800 FLOWERS", Reason.NOT_A_NUMBER),
        ("07722 123456 (work)", Reason.NOT_A_NUMBER),
        ("07722\N{SUPERSCRIPT TWO}123456", Reason.NOT_A_NUMBER),
        ("07722 12345O", Reason.NOT_A_NUMBER),
        ("x" * 1000, Reason.NOT_A_NUMBER),
        ("0" * 1000, Reason.NOT_A_NUMBER),
        ("07722123456 / 07722734716", Reason.SEVERAL_NUMBERS),
        ("07722123456 07722734716", Reason.SEVERAL_NUMBERS),
        ("07722123456\n07722734716", Reason.SEVERAL_NUMBERS),
        ("020 7946 0123 or 020 7946 0999", Reason.SEVERAL_NUMBERS),
        ("020 7946 0123 x12", Reason.EXTENSION),
        ("020 7946 0123 ext. 12", Reason.EXTENSION),
        ("tel:+442079460123;ext=12", Reason.EXTENSION),
        ("999", Reason.SHORT_CODE),
        ("112", Reason.SHORT_CODE),
        ("101", Reason.SHORT_CODE),
        ("118 118", Reason.SHORT_CODE),
        ("07722 12345", Reason.IMPOSSIBLE_LENGTH),
        ("07722 1234567", Reason.IMPOSSIBLE_LENGTH),
        ("0772212345.0", Reason.IMPOSSIBLE_LENGTH),
        ("7946 0123", Reason.IMPOSSIBLE_LENGTH),
        ("0", Reason.IMPOSSIBLE_LENGTH),
        ("+44", Reason.IMPOSSIBLE_LENGTH),
        ("06722 123456", Reason.NOT_IN_USE),
        ("+999 7722 123456", Reason.NOT_IN_USE),
    ],
)
def test_a_text_that_can_not_be_called_gets_a_reason(written: str, reason: Reason) -> None:
    assert SANDBOX.check(written) == reason


@pytest.mark.parametrize("written", ["-7722123456", "\N{MINUS SIGN}7722123412", " - 07722123456"])
def test_a_negative_number_is_refused_because_it_may_be_the_result_of_a_sum(written: str) -> None:
    assert SANDBOX.check(written) == Reason.NOT_A_NUMBER


@pytest.mark.parametrize("written", ["772212345.6", "7722123456.5", "772212345,6"])
def test_a_fraction_is_not_read_as_separated_digits(written: str) -> None:
    assert SANDBOX.check(written) == Reason.NOT_A_NUMBER


def test_a_text_relay_prefix_is_not_dropped() -> None:
    assert SANDBOX.check("18002 07722 123456") == Reason.IMPOSSIBLE_LENGTH
    assert SANDBOX.check("18002 0 7722123456") == Reason.IMPOSSIBLE_LENGTH


def _example(kind: int, region: str = "GB") -> str:
    """Return the number that libphonenumber itself gives as an example of a kind."""
    number = phonenumbers.example_number_for_type(region, kind)
    assert number is not None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (phonenumbers.PhoneNumberType.PERSONAL_NUMBER, Reason.PREMIUM_RATE),
        (phonenumbers.PhoneNumberType.TOLL_FREE, Reason.FREEPHONE),
        (phonenumbers.PhoneNumberType.PAGER, Reason.PAGER),
    ],
)
def test_kinds_that_no_campaign_calls_are_refused(kind: int, reason: Reason) -> None:
    assert SANDBOX.check(_example(kind)) == reason


@pytest.mark.parametrize("start", ["0900", "0901", "0909", "0911", "0982"])
def test_premium_rate_is_refused(start: str) -> None:
    assert SANDBOX.check(start + "0000000") == Reason.PREMIUM_RATE


@pytest.mark.parametrize("start", ["0843", "0844", "0845", "0870", "0871", "0872"])
def test_shared_cost_is_refused_though_the_library_calls_it_premium(start: str) -> None:
    assert SANDBOX.check(start + "0000000") == Reason.SHARED_COST


@pytest.mark.parametrize("region", UK_REGIONS)
@pytest.mark.parametrize(
    "kind",
    [
        phonenumbers.PhoneNumberType.FIXED_LINE,
        phonenumbers.PhoneNumberType.MOBILE,
        phonenumbers.PhoneNumberType.VOIP,
        phonenumbers.PhoneNumberType.UAN,
    ],
)
def test_people_and_offices_of_the_uk_and_its_islands_are_called(kind: int, region: str) -> None:
    number = _example(kind, region)

    assert LIVE.check(number) == number
    assert LIVE.check("0" + number.removeprefix("+44")) == number


FICTIONAL = ["07700 900000", "07700 900999", "01632 960000", "01632 960999", "020 7946 0999"]


@pytest.mark.parametrize("written", FICTIONAL)
def test_fictional_numbers_are_for_the_sandbox(written: str) -> None:
    number = "+44" + written[1:].replace(" ", "")

    assert SANDBOX.check(written) == number
    assert LIVE.check(written) == Reason.FICTIONAL


@pytest.mark.parametrize("written", ["07700 899999", "07700 901000", "01632 961000"])
def test_numbers_next_to_the_fictional_ones_are_decided_by_the_library(written: str) -> None:
    number = phonenumbers.parse(written, "GB")
    valid = phonenumbers.is_valid_number(number)

    assert isinstance(LIVE.check(written), Reason) is not valid


@pytest.mark.parametrize("region", ["FR", "IE", "US"])
def test_another_country_is_called_only_if_it_is_allowed(region: str) -> None:
    number = _example(phonenumbers.PhoneNumberType.FIXED_LINE, region)

    assert SANDBOX.check(number) == Reason.FOREIGN
    assert SANDBOX.check("00" + number[1:]) == Reason.FOREIGN
    assert ABROAD.check(number) == number
    assert ABROAD.check("00" + number[1:]) == number


# Fictional numbers: 555-01xx in countries that share the code +1.
SHARING = {"US": "+12125550123", "CA": "+14165550123", "JM": "+18765550123", "PR": "+17875550123"}


@pytest.mark.parametrize("allowed", SHARING)
def test_allowing_one_country_of_a_shared_code_allows_no_other(allowed: str) -> None:
    checker = NumberChecker(allow_fictional=True, countries=frozenset({allowed}))
    for region, number in SHARING.items():
        expected = number if region == allowed else Reason.FOREIGN
        assert checker.check(number) == expected
        assert checker.check_all([number]) == [expected]


def test_a_lost_plus_is_restored_for_an_allowed_country() -> None:
    number = _example(phonenumbers.PhoneNumberType.MOBILE, "FR")

    assert ABROAD.check(number[1:]) == number
    assert SANDBOX.check(number[1:]) == Reason.IMPOSSIBLE_LENGTH


def test_a_foreign_number_that_can_not_exist_says_so_where_the_country_is_allowed() -> None:
    assert ABROAD.check("+33 1") == Reason.IMPOSSIBLE_LENGTH
    assert SANDBOX.check("+33 123") == Reason.FOREIGN


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_sentence(reason: Reason) -> None:
    assert SENTENCES[reason].format(row=3)


def test_a_duplicate_names_the_row_it_repeats() -> None:
    assert SENTENCES[Reason.DUPLICATE].format(row=17) == "Duplicate of row 17"


SEPARATORS = ["", "", "", " ", "-", "(", ")", ".", "\t", "\n", "\N{NO-BREAK SPACE}", "/", "\u2013"]
STRANGE = "\u0660\uff17\u00b2\u0967\u200b\u2060xeE+#,;.'\"=\x00\x1c\u2028\u3000" + string.digits
PREFIXES = ["", "0", "44", "+44", "0044", "+440", "0+44", "00", "000", "+", "-", " ", "(0", "tel:"]
ENDINGS = ["", "", "", ".0", ".00", ",0", ".5", " ", "x1", "0", "\n", ".0 "]


def _adversarial(dice: random.Random) -> str:
    """Make something between a plain UK number and rubbish, mostly a borderline case."""
    starts = ["7", "77", "76", "70", "1", "2", "3", "8", "80", "84", "9", "5", "0", "", "77", "20"]
    digits = dice.choice([*starts, "7700900", "1632960", "2079460", "1481", "1534", "1624", "7624"])
    length = dice.choices([10, 9, 11, 7, dice.randrange(20)], [70, 12, 8, 5, 5])[0]
    digits += "".join(dice.choices(string.digits, k=max(0, length - len(digits))))
    if dice.random() < 0.3:
        return dice.choice(["", "0", "44", "+44", "0044", "+44 (0)"]) + digits
    cells = [character + dice.choice(SEPARATORS) * (dice.random() < 0.2) for character in digits]
    if dice.random() < 0.2:
        cells.insert(dice.randrange(len(cells) + 1), dice.choice(STRANGE))
    if dice.random() < 0.05:
        cells = [chr(ord(dice.choice("\u0660\uff10\u0966")) + int(d)) for d in digits]
    return dice.choice(PREFIXES) + "".join(cells) + dice.choice(ENDINGS)


@pytest.mark.parametrize("count", [10_000, pytest.param(100_000, marks=pytest.mark.nightly)])
def test_the_short_cut_agrees_with_the_long_way_on_adversarial_strings(count: int) -> None:
    dice = random.Random(20240229)
    accepted, different = 0, []
    for _ in range(count):
        text = _adversarial(dice)
        quick, [together], slow = LIVE.check(text), LIVE.check_all([text]), LIVE.check_slowly(text)
        accepted += not isinstance(quick, Reason)
        if not quick == together == slow:
            different.append((text, quick, together, slow))

    assert different == []
    # Texts that are all refused would show nothing.
    assert accepted > count / 10


def test_many_at_once_are_checked_as_each_by_itself() -> None:
    dice = random.Random(20240301)
    for lines in (False, True):  # a cell of several lines makes its whole batch take the other path
        texts = [_adversarial(dice) for _ in range(20_000)]
        batch = [text for text in texts if lines or "\n" not in text]
        assert LIVE.check_all(batch) == [LIVE.check(text) for text in batch]


@pytest.mark.parametrize(
    "written", ["-7722123456", " -7722123456", "\N{NO-BREAK SPACE}-7722123456"]
)
def test_a_dash_before_a_number_is_refused_in_a_batch_too(written: str) -> None:
    verdicts = SANDBOX.check_all(["07722123456", written, "07722-123456"])
    assert verdicts == ["+447722123456", SANDBOX.check(written), "+447722123456"]
    assert isinstance(verdicts[1], Reason)


@given(st.from_regex(r"[+0-9() .\-\u0660-\u0669\uff10-\uff19\t]{0,20}", fullmatch=True))
@example("07722123456\n")
@example("0772212345\u0666")
@example("+44 07722123456.0")
def test_the_short_cut_agrees_with_the_long_way(text: str) -> None:
    assert SANDBOX.check(text) == SANDBOX.check_slowly(text) == SANDBOX.check_all([text])[0]


@given(st.text())
def test_any_text_becomes_a_number_or_a_reason(text: str) -> None:
    verdict = ABROAD.check(text)

    assert isinstance(verdict, Reason) or re.fullmatch(r"\+[1-9][0-9]{5,14}", verdict)


@given(st.integers(min_value=0, max_value=10**13))
def test_an_accepted_number_is_valid_to_the_library_itself(number: int) -> None:
    verdict = LIVE.check(str(number))

    if not isinstance(verdict, Reason):
        assert phonenumbers.is_valid_number(phonenumbers.parse(verdict))


@given(st.sampled_from(["+447722123456", "+442079460123", "+441632960555"]))
def test_an_accepted_number_stays_as_it_is(number: str) -> None:
    assert SANDBOX.check(number) == number
