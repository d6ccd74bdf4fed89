"""Drafts: campaigns as people build them, and the checks that find what is wrong with them."""
