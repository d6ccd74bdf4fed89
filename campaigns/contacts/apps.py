from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "campaigns.contacts"
    navigation = ((20, "Contact lists", "contacts:list"),)
    banners = ((26, "campaigns.contacts.health.banner"),)
    health_checks = ("campaigns.contacts.health.problem",)
    home_panels = ((40, "campaigns.contacts.browsing.home_panel.recent_lists"),)
