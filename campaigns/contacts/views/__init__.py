"""The pages of contact lists, in the order in which a person meets them."""
