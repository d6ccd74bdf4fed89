"""The only table of this app. The other models here are abstract, for the tables of the apps above."""

from campaigns.uploads.columns.remembered_mapping import RememberedMapping

__all__ = ["RememberedMapping"]
