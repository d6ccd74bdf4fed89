"""Numbers that must not be called: for one client, or for all.

Everywhere else asks `matcher`; how the numbers came here is nobody else's business.
"""

from campaigns.contacts.suppression.matching import (
    SuppressedNumbers,
    in_force,
    matcher,
    newer_than,
    stamp,
)

__all__ = ["SuppressedNumbers", "in_force", "matcher", "newer_than", "stamp"]
