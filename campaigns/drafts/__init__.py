"""The campaign as a person builds it, and everything that can be known to be wrong with it."""
