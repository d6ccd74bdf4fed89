"""What calamine does not tell of an XLS file (Excel 97 to 2003)."""
