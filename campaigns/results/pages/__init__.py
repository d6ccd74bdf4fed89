"""What the page of a campaign's results shows, and its exports."""
