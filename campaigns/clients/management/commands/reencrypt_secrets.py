"""Put every secret under the first key of PORTAL_ENCRYPTION_KEYS, so that the older keys can go."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from campaigns.clients.models import PartnerSignIn
from campaigns.clients.partner_credentials import encryption


class Command(BaseCommand):
    help = __doc__

    def handle(self, *_args: Any, **_options: Any) -> None:
        done, unread = 0, []
        for sign_in in PartnerSignIn.with_secret():
            try:
                sign_in.reencrypt()
                done += 1
            except encryption.NoKey:
                unread.append(sign_in.owner_name)
        self.stdout.write(f"Secrets encrypted with the first key: {done}.")
        if unread:
            message = (
                f"No key in PORTAL_ENCRYPTION_KEYS can read the secret of: {', '.join(unread)}."
            )
            raise CommandError(message)
