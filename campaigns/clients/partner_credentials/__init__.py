"""A partner account: where it is, which addresses may be sent to, and how the portal signs in to it."""
