from django.apps import AppConfig


class ClientsConfig(AppConfig):
    name = "campaigns.clients"

    def ready(self) -> None:
        from campaigns.clients.partner_credentials import startup_checks  # noqa: F401
        from portal.pages import frame_parts

        frame_parts.links.register(lambda: frame_parts.Link("Clients", "clients:list"), 50)
