"""How an uploaded file is to be read, as a person has chosen it."""

from django.db import models


class Chosen(models.Model):
    # What a person has corrected of how the file is read: the arguments of `spreadsheets.inspect`.
    corrections = models.JSONField(default=dict)
    # What the file looks like, with its first rows: `mapping.Look` as JSON.
    look = models.JSONField(null=True)
    # How it is to be read: `spreadsheets.Reading` as JSON, once the columns are chosen.
    reading = models.JSONField(default=dict)
    headings = models.JSONField(default=list)
    number_column = models.PositiveSmallIntegerField(null=True)
    name_column = models.PositiveSmallIntegerField(null=True)
    # `notices.Stored`: what a person should know of how the file was read.
    notices = models.JSONField(default=list)

    class Meta:
        abstract = True

    @property
    def number_heading(self) -> str:
        return self._heading(self.number_column)

    @property
    def name_heading(self) -> str:
        return self._heading(self.name_column)

    def _heading(self, column: int | None) -> str:
        known = column is not None and column < len(self.headings)
        return str(self.headings[column]) if known else ""
