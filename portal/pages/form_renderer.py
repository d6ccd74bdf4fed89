"""Draws the fields of forms."""

from functools import cached_property
from typing import Any

from django.forms.renderers import Jinja2, TemplatesSetting

_WIDGETS = "django/forms/widgets/"


class FormRenderer(TemplatesSetting):
    """Draws what Django has in Jinja2 too with that, and everything else as pages are drawn.

    A choice is a template for each of its options and another for their attributes: the builder has some
    60 fields, and Jinja2 draws them in a fraction of the time.
    """

    field_template_name = "portal/field.html"

    @cached_property
    def _jinja2(self) -> Jinja2:
        return Jinja2()

    def get_template(self, template_name: str) -> Any:
        if template_name.startswith(_WIDGETS):
            return self._jinja2.get_template(template_name)
        return super().get_template(template_name)
