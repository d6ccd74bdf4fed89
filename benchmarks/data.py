"""Contact lists as clients send them, the same at every run."""

import csv
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from random import Random

HEADINGS = ("Phone", "Name", "Amount", "Due date", "Reference")
SEED = 20

_PREFIXES = ("7722", "7811", "7890", "7507", "7912", "2072", "1614", "1215")
_SUFFIXES = 1_000_000
# Shares no factor with the number of suffixes, so that it visits each of them once.
_STRIDE = 387_421

_FIRST = ("Amara", "Ben", "Chloë", "Dev", "Eilidh", "Farah", "George", "Hana", "Ian", "Joséphine")
_LAST = ("Ahmed", "Brown", "Clarke", "Davies", "Evans", "Fraser", "Green", "Hughes", "O'Neill")
_NAMES = tuple(" ".join(pair) for pair in product(_FIRST, _LAST))

_BAD = (
    "",
    "not given",
    "4.47722E+11",
    "07722 12345",
    "0909 879 0000",
    "+33 1 23 45 67 89",
    "999",
    "07722 123456 ext 12",
)
_BAD_SHARE, _DUPLICATE_SHARE = 0.03, 0.02


def national(index: int) -> str:
    """Return a valid UK number's ten digits, different for each index below eight million."""
    suffix = (index // len(_PREFIXES) * _STRIDE) % _SUFFIXES
    return f"{_PREFIXES[index % len(_PREFIXES)]}{suffix:06}"


def written(digits: str, form: int) -> str:
    """Write ten digits in one of the eleven forms in which people send numbers."""
    area, first, last = digits[:4], digits[4:7], digits[7:]
    return (
        f"0{digits}",
        f"+44{digits}",
        f"44{digits}",
        f"0044{digits}",
        digits,
        f"{digits}.0",
        f"0{area} {first}{last}",
        f"+44 {area} {first}{last}",
        f"+44 (0){area} {first}{last}",
        f"(0{area}) {first}-{last}",
        f"0{area}-{first}-{last}",
    )[form]


def rows(count: int) -> Iterator[tuple[str, ...]]:
    """Yield rows of which 3 % have no number that may be called and 2 % repeat an earlier number."""
    random = Random(SEED)
    for index in range(count):
        chance = random.random()
        form = random.randrange(11)
        if chance < _BAD_SHARE:
            phone = random.choice(_BAD)
        elif chance < _BAD_SHARE + _DUPLICATE_SHARE:
            phone = written(national(random.randrange(index + 1)), form)
        else:
            phone = written(national(index), form)
        yield (phone, *_others(index, random))


def clean_rows(count: int) -> Iterator[tuple[str, ...]]:
    """Yield rows with nothing to check: each number is in E.164 form and occurs once."""
    random = Random(SEED)
    for index in range(count):
        yield (f"+44{national(index)}", *_others(index, random))


def _others(index: int, random: Random) -> tuple[str, ...]:
    name = random.choice(_NAMES)
    pounds = f"{random.randrange(1, 999)}.{index % 100:02}"
    return name, pounds, f"{index % 28 + 1} December", f"NG-{index:08}"


def write_csv(path: Path, count: int, *, clean: bool = False) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        writer.writerows(clean_rows(count) if clean else rows(count))


def write_xlsx(path: Path, count: int) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        for number, row in enumerate(rows(count), start=1):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text)
