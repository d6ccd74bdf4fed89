"""Facts about an ODS file (OpenDocument) that calamine does not return."""
