"""Reading what came of the calls: which parts, when, and page by page into the database."""
