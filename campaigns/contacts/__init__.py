"""Spreadsheets in, contact lists out: every row ends as a contact or with a reason why not."""
