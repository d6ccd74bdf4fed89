"""Spreadsheets made into contact lists: every row becomes a contact or has a reason why not."""
