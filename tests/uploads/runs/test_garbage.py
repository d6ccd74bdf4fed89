"""Garbage collection: rarer during an import, and as usual afterwards."""

import gc
from contextlib import suppress

from campaigns.uploads.runs import garbage_collection


def test_the_usual_threshold_is_restored_even_after_a_failure() -> None:
    before = gc.get_threshold()
    with suppress(ValueError), garbage_collection.searched_rarely():
        inside = gc.get_threshold()
        raise ValueError("broken file")
    assert inside[0] == garbage_collection.CONTAINERS
    assert gc.get_threshold() == before
