"""The pages of submissions, and what is pressed on them."""
