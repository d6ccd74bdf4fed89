from django.apps import AppConfig


class DraftsConfig(AppConfig):
    name = "campaigns.drafts"

    def ready(self) -> None:
        from campaigns.clients import blocking_warnings
        from campaigns.contacts import deletion
        from campaigns.contacts.browsing import count_columns, list_uses, said_cells, waiting_draft
        from campaigns.drafts import preflight, startup_checks  # noqa: F401
        from campaigns.drafts.form import suggested_say_as
        from campaigns.drafts.listing import home_panels
        from campaigns.drafts.listing import list_uses as drafts_uses
        from campaigns.drafts.listing import waiting_draft as draft_that_waits
        from campaigns.drafts.spoken import sayings
        from portal.pages import frame_parts

        frame_parts.links.register(lambda: frame_parts.Link("Campaigns", "drafts:list"), 10)
        frame_parts.panels.register(home_panels.drafts_to_finish, 30)
        frame_parts.actions.register(home_panels.new_campaign, 20)
        blocking_warnings.warnings.register(preflight.warnings_by_id)
        waiting_draft.drafts.register(draft_that_waits.find)
        count_columns.suggested.register(suggested_say_as.to_count_ahead)
        said_cells.sayings.register(sayings.saying)
        list_uses.uses.register(drafts_uses.of_contact_list)
        deletion.deleted.register(drafts_uses.lose_contact_list)
