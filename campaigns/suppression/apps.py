from django.apps import AppConfig


class SuppressionConfig(AppConfig):
    name = "campaigns.suppression"
    navigation = ((30, "Suppression", "suppression:list"),)
