from django.urls import path

from campaigns.contacts.suppression import views

app_name = "suppression"
urlpatterns = [
    path("", views.suppression_list, name="list"),
    path("search/", views.search, name="search"),
    path("add/", views.add, name="add"),
    path("upload/", views.upload, name="upload"),
    path("suppressed-numbers.csv", views.export_csv, name="export"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/rejected.csv", views.rejected, name="rejected"),
    path("numbers/<int:pk>/remove/", views.remove, name="remove"),
]
