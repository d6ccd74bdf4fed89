from django.urls import path

from campaigns.contacts.views import (
    contacts,
    downloads,
    lifecycle,
    lists,
    other_columns,
    read_again,
    upload,
)

app_name = "contacts"
urlpatterns = [
    path("", lists.contact_lists, name="list"),
    path("upload/", upload.upload, name="upload"),
    path("example/<int:pk>.csv", upload.example_file, name="example"),
    path("<int:pk>/", lists.detail, name="detail"),
    path("<int:pk>/columns/", upload.choose, name="choose"),
    path("<int:pk>/other-columns/", other_columns.choose_other, name="other_columns"),
    path("<int:pk>/again/", read_again.read_again, name="read_again"),
    path("<int:pk>/add/", upload.add, name="add"),
    path("<int:pk>/contacts/", contacts.contacts, name="contacts"),
    path("<int:pk>/rejected.csv", downloads.rejected, name="rejected"),
    path("<int:pk>/other-names.csv", downloads.other_names, name="other_names"),
    path("<int:pk>/original/", downloads.original, name="original"),
    path("<int:pk>/cancel/", lifecycle.cancel, name="cancel"),
    path("<int:pk>/rename/", lifecycle.rename, name="rename"),
    path("<int:pk>/archive/", lifecycle.archive, name="archive"),
    path("<int:pk>/unarchive/", lifecycle.unarchive, name="unarchive"),
    path("<int:pk>/delete/", lifecycle.delete, name="delete"),
]
