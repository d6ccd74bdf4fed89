from django.apps import AppConfig


class ClientsConfig(AppConfig):
    name = "campaigns.clients"
    navigation = ((50, "Clients", "clients:list"),)
