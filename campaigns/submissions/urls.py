from django.urls import path

from campaigns.submissions.history import approve, views

app_name = "submissions"
urlpatterns = [
    path("", views.submission_list, name="list"),
    path("submit/", views.submit, name="submit_new"),
    path("submit/<int:pk>/", views.submit, name="submit"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/parts/<int:position>/settle/", views.settle, name="settle"),
    path("<int:pk>/approve/", approve.approve, name="approve"),
    path("<int:pk>/return/", approve.return_to_author, name="return"),
    path("<int:pk>/undo/", views.undo, name="undo"),
    path("<int:pk>/release/", views.release, name="release"),
    path("<int:pk>/stop/", views.stop, name="stop"),
    path("<int:pk>/parts/<int:position>/payload.json", views.payload, name="payload"),
]
