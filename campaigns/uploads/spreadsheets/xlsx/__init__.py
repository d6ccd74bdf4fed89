"""Facts about an XLSX file that calamine does not return, and copies of it that calamine can read."""
