"""How the control of a form field is drawn: with Bootstrap's class for its kind."""

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def is_tick(field: BoundField) -> bool:
    """Tell whether the field is a single tick box, whose label comes after it."""
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def control(field: BoundField) -> SafeString:
    """Return the control's HTML, marked if what is in it was refused."""
    widget = field.field.widget
    classes = [widget.attrs.get("class", ""), _kind(widget), "is-invalid" if field.errors else ""]
    return field.as_widget(attrs={"class": " ".join(filter(None, classes))})


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"
