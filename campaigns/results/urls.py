from django.urls import path

from campaigns.results import views

app_name = "results"
urlpatterns = [
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/refresh/", views.refresh, name="refresh"),
    path("<int:pk>/export.csv", views.export_csv, name="export_csv"),
    path("<int:pk>/export.xlsx", views.export_excel, name="export_excel"),
]
