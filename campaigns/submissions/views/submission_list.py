"""The list of all submissions that a person may see, and its export."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from campaigns.clients import access
from campaigns.submissions.history import export_rows
from campaigns.submissions.history.filters import SubmissionFilter
from campaigns.submissions.history.tables import SubmissionTable
from campaigns.submissions.models import Submission, queries
from campaigns.uploads.downloads.excel_file import MOST_ROWS, excel_file
from campaigns.uploads.downloads.responses import csv_file

NAME = "submissions"
TOO_MANY = f"An Excel file here has at most {MOST_ROWS:,} rows. Filter the submissions, or select Export CSV."


@require_GET
def submission_list(request: HttpRequest) -> HttpResponse:
    filters = _filters(request)
    context = {
        "table": SubmissionTable.paged(request, filters.qs),
        "form": filters.form,
        "is_narrowed": filters.is_narrowing,
        "only_campaign": filters.is_valid() and filters.form.cleaned_data["campaign"],
    }
    return render(request, "submissions/list.html", context)


@require_GET
def export_csv(request: HttpRequest) -> HttpResponseBase:
    """Download what the filters find, on all pages. If they can't be used, the list says why."""
    found = _found(request)
    if found is None:
        return _to_the_list(request)
    return csv_file(export_rows.text_rows(found), f"{NAME}.csv")


@require_GET
def export_excel(request: HttpRequest) -> HttpResponseBase:
    """Download what the filters find, on all pages. If they can't be used, the list says why."""
    found = _found(request)
    if found is None:
        return _to_the_list(request)
    if found.count() > MOST_ROWS:
        messages.error(request, TOO_MANY)
        return _to_the_list(request)
    return excel_file(export_rows.HEADINGS, export_rows.rows(found), f"{NAME}.xlsx")


def _filters(request: HttpRequest) -> SubmissionFilter:
    submissions = queries.listed(access.visible(request.user, Submission.with_test_calls.all()))
    return SubmissionFilter(request.GET, queryset=submissions, request=request)


def _found(request: HttpRequest) -> QuerySet[Submission] | None:
    """Return what the filters find, the newest first; None if a filter has an invalid value."""
    filters = _filters(request)
    if not filters.is_valid():
        return None
    found: QuerySet[Submission] = filters.qs.order_by("-submitted_at", "-pk")
    return found


def _to_the_list(request: HttpRequest) -> HttpResponse:
    return redirect(f"{reverse('submissions:list')}?{request.GET.urlencode()}")
