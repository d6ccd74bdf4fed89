from django.urls import path

from campaigns.submissions.views import (
    page_actions,
    review_and_submit,
    submission_list,
    submission_page,
    test_calls,
)

app_name = "submissions"
urlpatterns = [
    path("", submission_list.submission_list, name="list"),
    path("export.csv", submission_list.export_csv, name="export_csv"),
    path("export.xlsx", submission_list.export_excel, name="export_excel"),
    path("review/", review_and_submit.review_new, name="review_new"),
    path("review/<int:pk>/", review_and_submit.review, name="review"),
    path("submit/<int:pk>/", review_and_submit.submit, name="submit"),
    path("test-call/", test_calls.test_call_new, name="test_call_new"),
    path("test-call/<int:pk>/", test_calls.test_call, name="test_call"),
    path("call-me/<int:pk>/", test_calls.call_me, name="call_me"),
    path("<int:pk>/", submission_page.detail, name="detail"),
    path("<int:pk>/parts/<int:position>/settle/", page_actions.settle, name="settle"),
    path("<int:pk>/approve/", page_actions.approve, name="approve"),
    path("<int:pk>/return/", page_actions.return_to_author, name="return"),
    path("<int:pk>/undo/", page_actions.undo, name="undo"),
    path("<int:pk>/release/", page_actions.release, name="release"),
    path("<int:pk>/stop/", page_actions.stop, name="stop"),
    path("<int:pk>/parts/<int:position>/payload.json", submission_page.payload, name="payload"),
]
