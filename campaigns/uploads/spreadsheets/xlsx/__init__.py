"""What calamine does not tell of an XLSX file, and what makes one readable for it."""
