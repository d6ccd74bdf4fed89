"""What came of the calls of accepted campaigns, read back from the partner."""
