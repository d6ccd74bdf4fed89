"""What calamine does not tell of an ODS file (OpenDocument)."""
