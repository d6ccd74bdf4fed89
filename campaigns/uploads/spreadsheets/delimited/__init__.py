"""CSV and similar text files, in any encoding."""
