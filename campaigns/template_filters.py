"""Filters that every template has without loading them (see TEMPLATES in the settings)."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from campaigns import relative_time as words

register = template.Library()


@register.filter
def relative_time(at: datetime | None) -> SafeString | str:
    """Return the time as people say it, with the full UK time on hover. Return "" for None."""
    if at is None:
        return ""
    uk = timezone.localtime(at)
    said = words.relative(uk, timezone.localtime())
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        uk.isoformat("T", "seconds"),
        words.full(uk),
        said,
    )
