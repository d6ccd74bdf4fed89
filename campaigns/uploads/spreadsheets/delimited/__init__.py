"""CSV and its relatives, in whatever encoding they come."""
