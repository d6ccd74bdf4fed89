from django.urls import path

from campaigns.drafts import template_views, views

app_name = "drafts"
urlpatterns = [
    path("", views.draft_list, name="list"),
    path("new/", views.new, name="new"),
    path("redraw/", views.redraw, name="redraw"),
    path("autosave/", views.autosave, name="autosave"),
    path("check/", views.check, name="check_new"),
    path("<int:pk>/", views.edit, name="edit"),
    path("<int:pk>/check/", views.check, name="check"),
    path("<int:pk>/without/", views.continue_without, name="continue_without"),
    path("<int:pk>/delete/", views.delete, name="delete"),
    path("<int:pk>/template/", template_views.keep, name="keep_template"),
    path("templates/", template_views.template_list, name="templates"),
    path("templates/<int:pk>/", template_views.detail, name="template"),
    path("templates/<int:pk>/delete/", template_views.delete, name="delete_template"),
]
