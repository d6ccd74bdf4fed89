"""What the sandbox knows, all of it in the ledger's file: requests, campaigns, clients, and its settings."""
