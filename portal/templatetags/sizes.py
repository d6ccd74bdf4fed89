"""Sizes of files, as people and their computers name them."""

from django import template

register = template.Library()

_UNITS = ("kB", "MB", "GB", "TB")


@register.filter("filesizeformat")
def size(count: int | None) -> str:
    """Return a size such as "200 MB", with a decimal below ten.

    It replaces Django's filter, which counts in 1,024s: to it, 200,000,000 bytes are 190.7 MB.
    """
    amount = float(count or 0)
    if amount < 1000:
        return f"{amount:.0f}\xa0byte{'' if amount == 1 else 's'}"
    for unit in _UNITS:
        amount /= 1000
        # What rounds to 1,000 of a unit is 1 of the next.
        if amount < 999.5 or unit == _UNITS[-1]:
            break
    rounded = round(amount, 1 if amount < 9.95 else None)
    return f"{rounded:,g}\xa0{unit}"
