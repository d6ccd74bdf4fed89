"""The review: the page between the builder and sending, with all that is about to happen."""
