from django.urls import path

from campaigns.suppression.views import files, numbers

app_name = "suppression"
urlpatterns = [
    path("", numbers.suppression_list, name="list"),
    path("search/", numbers.search, name="search"),
    path("add/", numbers.add, name="add"),
    path("upload/", files.upload, name="upload"),
    path("suppressed-numbers.csv", numbers.export_csv, name="export"),
    path("<int:pk>/", files.detail, name="detail"),
    path("<int:pk>/columns/", files.choose, name="choose"),
    path("<int:pk>/cancel/", files.cancel, name="cancel"),
    path("<int:pk>/remove/", files.remove_all, name="remove_all"),
    path("<int:pk>/rejected.csv", files.rejected, name="rejected"),
    path("<int:pk>/original/", files.original, name="original"),
    path("numbers/<int:pk>/remove/", numbers.remove, name="remove"),
]
