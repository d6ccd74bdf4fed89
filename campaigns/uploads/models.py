"""The one table of this app; what else is here is for the tables of the apps above."""

from campaigns.uploads.columns.remembered import RememberedMapping

__all__ = ["RememberedMapping"]
