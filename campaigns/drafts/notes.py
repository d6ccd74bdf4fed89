"""What later rooms have to say of a draft on the builder's page; drafts know nothing of submissions.

A room sets on its AppConfig `draft_notes = (dotted path, ...)`: each a function
`(campaign) -> Iterable[str]`, sentences for people.
"""

from django.apps import apps
from django.utils.module_loading import import_string

from campaigns.drafts.models import Campaign


def of(campaign: Campaign) -> list[str]:
    paths = (
        path for config in apps.get_app_configs() for path in getattr(config, "draft_notes", ())
    )
    return [sentence for path in paths for sentence in import_string(path)(campaign)]
