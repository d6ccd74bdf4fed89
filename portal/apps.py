from django.apps import AppConfig

from portal import form_words

# Here, since this app is the first to be loaded: before the forms that are to have them.
form_words.install()


class PortalConfig(AppConfig):
    name = "portal"
