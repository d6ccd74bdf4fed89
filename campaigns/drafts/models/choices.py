"""The choices for fields of a campaign. Re-exported by `models`."""

from django.db import models


class Occasion(models.IntegerChoices):
    """When an answerphone message is left or an SMS is sent. The numbers are the partner's."""

    NEVER = 0, "Never"
    FIRST_CALL = 1, "On the first call"
    LAST_CALL = 2, "On the last call"


class Purpose(models.TextChoices):
    """Why people are called: about what they have with the client, or to sell them something."""

    SERVICE = "service", "Service"
    MARKETING = "marketing", "Marketing"


class Precedence(models.TextChoices):
    """The list whose row is used for a number that is on several lists."""

    NEWEST = "newest", "The newest list"
    OLDEST = "oldest", "The oldest list"
