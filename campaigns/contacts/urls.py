from django.urls import path

from campaigns.contacts import views

app_name = "contacts"
urlpatterns = [
    path("", views.contact_lists, name="list"),
    path("upload/", views.upload, name="upload"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/rejected.csv", views.rejected, name="rejected"),
]
