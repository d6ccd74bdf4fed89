from django.apps import AppConfig


class ResultsConfig(AppConfig):
    name = "campaigns.results"

    def ready(self) -> None:
        from campaigns.drafts import hooks
        from campaigns.results.pages import tab

        hooks.campaign_results.register(tab.url)
