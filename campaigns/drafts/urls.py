from django.urls import path

from campaigns.drafts.views import campaign_list, drafts, history, templates

app_name = "drafts"
urlpatterns = [
    path("", campaign_list.campaign_list, name="list"),
    path("new/", drafts.new, name="new"),
    path("redraw/", drafts.redraw, name="redraw"),
    path("autosave/", drafts.autosave, name="autosave"),
    path("check/", drafts.check, name="check_new"),
    path("list/", drafts.upload_list, name="upload_list_new"),
    path("<int:pk>/", drafts.edit, name="edit"),
    path("<int:pk>/check/", drafts.check, name="check"),
    path("<int:pk>/list/", drafts.upload_list, name="upload_list"),
    path("<int:pk>/without/", drafts.continue_without, name="continue_without"),
    path("<int:pk>/delete/", drafts.delete, name="delete"),
    path("<int:pk>/history/", history.history, name="history"),
    path("<int:pk>/template/", templates.keep, name="keep_template"),
    path("templates/", templates.template_list, name="templates"),
    path("templates/<int:pk>/", templates.detail, name="template"),
    path("templates/<int:pk>/delete/", templates.delete, name="delete_template"),
]
