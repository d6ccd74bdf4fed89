"""The pages of suppression: numbers one by one, and files of them."""
