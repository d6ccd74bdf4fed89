from django.apps import AppConfig


class ClientsConfig(AppConfig):
    name = "campaigns.clients"
    navigation = ((50, "Clients", "clients:list"),)

    def ready(self) -> None:
        from campaigns.clients import checks  # noqa: F401
