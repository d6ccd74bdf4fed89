"""The list of all submissions that a person may see."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from campaigns.clients import access
from campaigns.submissions.history.filters import SubmissionFilter
from campaigns.submissions.history.tables import SubmissionTable
from campaigns.submissions.models import Submission, queries


@require_GET
def submission_list(request: HttpRequest) -> HttpResponse:
    submissions = queries.listed(access.visible(request.user, Submission.objects.all()))
    narrowed = SubmissionFilter(request.GET, queryset=submissions, request=request)
    table = SubmissionTable.paged(request, narrowed.qs)
    is_narrowed = any(request.GET.get(name) for name in narrowed.filters)
    context = {"table": table, "form": narrowed.form, "is_narrowed": is_narrowed}
    return render(request, "submissions/list.html", context)
