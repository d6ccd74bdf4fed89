"""The form of a partner account in Django's admin, in which an account is held and its hold is cleared."""

from typing import Any, cast

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.http import QueryDict

from campaigns.clients.free_text import names_no_number
from campaigns.clients.models import PartnerAccount


class ReasonsField(forms.CharField):
    """The reasons of a hold, one a line, whatever ends of lines the browser posts."""

    def to_python(self, value: Any) -> Any:
        lines = (super().to_python(value) or "").splitlines()
        # As the portal writes its own reasons, so that the same reason is known again.
        return "\n".join(filter(None, (" ".join(line.split()) for line in lines)))


class AccountForm(forms.ModelForm[PartnerAccount]):
    """The form of an account. It never clears a hold that was set after the page was opened."""

    hold_key = forms.CharField(required=False, widget=forms.HiddenInput)
    held_reason = ReasonsField(
        required=False,
        validators=[names_no_number],
        widget=AdminTextareaWidget(attrs={"rows": 3}),
        help_text="While this says something, nothing is sent to this account. Clear it to resume.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["hold_key"] = self.instance.hold_key

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.instance.pk:
            return cleaned
        # The row stays locked until the admin's transaction ends. So no hold can be added between
        # this check and the save.
        now = PartnerAccount.objects.select_for_update().get(pk=self.instance.pk)
        if self.data.get("hold_key") != now.hold_key:
            self._show_hold(now)
        return cleaned

    def _show_hold(self, now: PartnerAccount) -> None:
        """Refuse the form, and show it again with the account's current hold."""
        reasons = now.held_reason.splitlines()
        typed = self.data.get("held_reason", "").strip().splitlines()
        shown = "\n".join([*reasons, *(line for line in typed if line not in reasons)])
        redrawn = cast(QueryDict, self.data).copy()
        redrawn["hold_key"], redrawn["held_reason"] = now.hold_key, shown
        self.data = redrawn
        self.add_error(
            "held_reason",
            "This account was held after you opened the page. Nothing was saved. Read why it is "
            "held, then save again.",
        )

    def save(self, commit: bool = True) -> PartnerAccount:
        reason = self.cleaned_data["held_reason"]
        if reason and "held_reason" in self.changed_data:
            self.instance.name_hold(reason)
        return super().save(commit)
