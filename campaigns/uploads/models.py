"""The only table of this app. The other models here are abstract, for the tables of the apps above."""

from campaigns.uploads.columns.remembered import RememberedMapping

__all__ = ["RememberedMapping"]
