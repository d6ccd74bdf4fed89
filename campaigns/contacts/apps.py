from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "campaigns.contacts"

    def ready(self) -> None:
        from campaigns.contacts import health
        from campaigns.contacts.browsing import home_panel
        from portal.pages import frame_parts

        frame_parts.links.register(lambda: frame_parts.Link("Contact lists", "contacts:list"), 20)
        frame_parts.banners_above.register(health.banner, 26)
        frame_parts.health_checks.register(health.problem)
        frame_parts.panels.register(home_panel.recent_lists, 40)
        frame_parts.actions.register(home_panel.upload_contact_list, 10)
