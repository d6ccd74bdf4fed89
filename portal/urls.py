"""The URLs of the portal."""

from allauth.account import views as account
from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from campaigns.submissions.views.own_number import own_number
from portal.accounts.views import sign_in
from portal.pages import help as help_page
from portal.pages.health import healthz
from portal.pages.home import home

admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = admin.site.site_title = "Voice portal: administration"
admin.site.index_title = "Clients, lookups and people"

handler500 = "portal.pages.errors.server_error"

urlpatterns = [
    path("", home, name="home"),
    path("help/", help_page.show, name="help"),
    path("healthz", healthz, name="healthz"),
    path("sign-in/", sign_in, name="account_login"),
    path("sign-out/", account.logout, name="account_logout"),
    path("account-closed/", account.account_inactive, name="account_inactive"),
    path("your-number/", own_number, name="own_number"),
    path("clients/", include("campaigns.clients.urls")),
    path("contact-lists/", include("campaigns.contacts.urls")),
    path("suppression/", include("campaigns.suppression.urls")),
    path("campaigns/", include("campaigns.drafts.urls")),
    path("submissions/", include("campaigns.submissions.urls")),
    path("results/", include("campaigns.results.urls")),
    path("admin/", admin.site.urls),
]
