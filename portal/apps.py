from django.apps import AppConfig

from portal import files
from portal.pages import form_words

# Installed here because this app is loaded first, before any form that uses these sentences.
form_words.install()
files.take_long_names()


class PortalConfig(AppConfig):
    name = "portal"
