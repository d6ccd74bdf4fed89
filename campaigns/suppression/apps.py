from django.apps import AppConfig


class SuppressionConfig(AppConfig):
    name = "campaigns.suppression"

    def ready(self) -> None:
        from portal.pages import frame_parts

        frame_parts.links.register(lambda: frame_parts.Link("Suppression", "suppression:list"), 30)
