from django.urls import path

from campaigns.drafts import views

app_name = "drafts"
urlpatterns = [
    path("", views.draft_list, name="list"),
    path("new/", views.new, name="new"),
    path("redraw/", views.redraw, name="redraw"),
    path("autosave/", views.autosave, name="autosave"),
    path("check/", views.check, name="check_new"),
    path("<int:pk>/", views.edit, name="edit"),
    path("<int:pk>/check/", views.check, name="check"),
]
