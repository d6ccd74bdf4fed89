"""The pages of contact lists."""
