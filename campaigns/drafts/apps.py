from django.apps import AppConfig


class DraftsConfig(AppConfig):
    name = "campaigns.drafts"
    navigation = ((10, "Campaigns", "drafts:list"),)
    home_panels = ((30, "campaigns.drafts.listing.home_panels.drafts_to_finish"),)
    client_warnings = "campaigns.drafts.preflight.warnings_by_id"
    contact_list_deleted = "campaigns.drafts.listing.list_uses.lose_contact_list"
    contact_list_uses = ("campaigns.drafts.listing.list_uses.of_contact_list",)

    def ready(self) -> None:
        from campaigns.drafts import checks  # noqa: F401
