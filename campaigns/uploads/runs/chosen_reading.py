"""The fields that hold how an uploaded file is to be read, as a person has chosen it."""

from django.db import models


class Chosen(models.Model):
    # A person's corrections of how the file is read: the arguments of `spreadsheets.inspect`.
    corrections = models.JSONField(default=dict)
    # The result of the inspection, with the first rows: `mapping.Look` as JSON.
    look = models.JSONField(null=True)
    # The chosen reading: `spreadsheets.Reading` as JSON, once the columns are chosen.
    reading = models.JSONField(default=dict)
    headings = models.JSONField(default=list)
    number_column = models.PositiveSmallIntegerField(null=True)
    name_column = models.PositiveSmallIntegerField(null=True)
    # The column whose number is used in rows where the first one has none that can be called.
    second_number_column = models.PositiveSmallIntegerField(null=True)
    # Notices for people about how the file was read: a list of `notices.Stored`.
    notices = models.JSONField(default=list)

    class Meta:
        abstract = True

    @property
    def number_heading(self) -> str:
        return self._heading(self.number_column)

    @property
    def second_number_heading(self) -> str:
        return self._heading(self.second_number_column)

    @property
    def name_heading(self) -> str:
        return self._heading(self.name_column)

    def _heading(self, column: int | None) -> str:
        known = column is not None and column < len(self.headings)
        return str(self.headings[column]) if known else ""
