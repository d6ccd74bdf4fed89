"""How far the reading of an uploaded file has come, for a page to show."""

from django.db import models
from django.utils import timezone


class Progress(models.Model):
    file_bytes = models.PositiveBigIntegerField(default=0)
    # The share of the file that has been read, from 0 to 1.
    progress = models.FloatField(default=0)
    progress_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    rows_read = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True

    @property
    def percent(self) -> int:
        return int(self.progress * 100)

    @property
    def bytes_read(self) -> int:
        return int(self.progress * self.file_bytes)

    @property
    def rows_a_second(self) -> int:
        """Rows read in a second, on the average so far; 0 before anything is known."""
        seconds = self._seconds_so_far
        return int(self.rows_read / seconds) if seconds > 0 else 0

    @property
    def seconds_left(self) -> int | None:
        """Seconds until the file is read at the speed so far, or None while nobody can know."""
        if not self.progress or self._seconds_so_far < 1:
            return None
        return round(self._seconds_so_far * (1 - self.progress) / self.progress)

    @property
    def seconds_silent(self) -> int:
        """Seconds since anything was heard of the reading: a large workbook is unpacked in silence."""
        return max(0, int((timezone.now() - self.progress_at).total_seconds()))

    @property
    def _seconds_so_far(self) -> float:
        return (self.progress_at - self.started_at).total_seconds() if self.started_at else 0.0
