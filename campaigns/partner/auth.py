"""What a request to the partner carries to say on whose behalf it comes."""

from campaigns.partner import wire


def headers(dm_client_id: str) -> dict[str, str]:
    """Return the one header the partner's page names: the DM ID of the client."""
    return {wire.CLIENT_HEADER: dm_client_id}
