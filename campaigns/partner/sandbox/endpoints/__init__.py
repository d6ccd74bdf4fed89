"""The answer to each kind of request: a create request, a token request, the page and the settings."""
