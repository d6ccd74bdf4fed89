"""The progress of reading an uploaded file, for a page to show."""

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
        """Average rows read in a second so far; 0 before it is known."""
        seconds = self._seconds_so_far
        return int(self.rows_read / seconds) if seconds > 0 else 0

    @property
    def seconds_left(self) -> int | None:
        """Seconds until the whole file is read at the speed so far, or None while that can't be estimated."""
        if not self.progress or self._seconds_so_far < 1:
            return None
        return round(self._seconds_so_far * (1 - self.progress) / self.progress)

    @property
    def seconds_silent(self) -> int:
        """Seconds since the last report of progress. A large workbook reports none while it is unpacked."""
        return max(0, int((timezone.now() - self.progress_at).total_seconds()))

    @property
    def _seconds_so_far(self) -> float:
        return (self.progress_at - self.started_at).total_seconds() if self.started_at else 0.0
