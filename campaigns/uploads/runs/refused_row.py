"""Rows of a file that are refused, each with its cells and the reason."""

from django.db import models

from campaigns.uploads.numbers.checker import SENTENCES, Reason


class RefusedRowBase(models.Model):
    """The fields that refused rows of every kind of file share, to be shown and downloaded alike."""

    row_number = models.PositiveIntegerField()
    reason = models.CharField(max_length=30)
    cells = models.JSONField(default=list)

    class Meta:
        abstract = True
        ordering = ["row_number"]

    def __str__(self) -> str:
        return f"Refused row {self.row_number}"

    @property
    def sentence(self) -> str:
        """Return what is wrong with the row and what to do."""
        return SENTENCES[Reason(self.reason)]

    @property
    def number_column(self) -> int | None:
        raise NotImplementedError

    @property
    def number_cell(self) -> str:
        """Return the content of the column of numbers."""
        column = self.number_column
        return str(self.cells[column]) if column is not None and column < len(self.cells) else ""
