"""Facts about an XLS file (Excel 97 to 2003) that calamine does not return."""
