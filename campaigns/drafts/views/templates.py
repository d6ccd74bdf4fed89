"""The pages of templates: keep a campaign as a template, show, rename and delete templates."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from campaigns.clients import access
from campaigns.clients.free_text import names_no_number
from campaigns.clients.models import Event, Role
from campaigns.drafts.form.form_data import as_template
from campaigns.drafts.listing.tables import TemplateTable
from campaigns.drafts.models import Campaign, CampaignTemplate
from campaigns.drafts.models.template import TEMPLATE_NAME_MAX_LENGTH, NameTaken
from campaigns.drafts.views import new_campaign
from campaigns.drafts.views.loading import load
from campaigns.drafts.views.template_summary import facts_of


class TemplateForm(forms.Form):
    name = forms.CharField(
        label="Template name",
        max_length=TEMPLATE_NAME_MAX_LENGTH,
        validators=[names_no_number],
        error_messages={
            "required": "Give the template a name.",
            "max_length": f"The template name must be {TEMPLATE_NAME_MAX_LENGTH} characters or fewer.",
        },
    )
    use_required_attribute = False


@require_GET
def template_list(request: HttpRequest) -> HttpResponse:
    templates = CampaignTemplate.objects.select_related("client", "changed_by")
    table = TemplateTable.paged(request, access.visible(request.user, templates))
    may_write = access.can_edit_somewhere(request.user)
    return render(request, "drafts/templates.html", {"table": table, "may_write": may_write})


@require_http_methods(["GET", "POST"])
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a template holds, and rename it."""
    if request.method == "GET":
        template = new_campaign.load_template(request, pk)
        return _show(request, template, TemplateForm({"name": template.name}))
    template = new_campaign.load_template(request, pk, to=Role.ACCOUNT_MANAGER)
    form = TemplateForm(request.POST)
    if form.is_valid():
        try:
            template.rename(access.person(request), form.cleaned_data["name"])
        except NameTaken:
            form.add_error("name", f"{template.client} already has a template with this name.")
        else:
            return redirect("drafts:template", pk)
    return _show(request, template, form, status=422)


def _show(
    request: HttpRequest, template: CampaignTemplate, form: TemplateForm, status: int = 200
) -> HttpResponse:
    context = {
        "template": template,
        "form": form,
        "facts": facts_of(template),
        "withdrawn": [sentence for _, sentence in new_campaign.withdrawn(template)],
        "events": Event.objects.about(template),
        "may_write": access.can_edit(request.user, template.client),
    }
    return render(request, "drafts/template.html", context, status=status)


@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether to delete the template, and delete it."""
    template = new_campaign.load_template(request, pk, to=Role.ACCOUNT_MANAGER)
    if request.method == "GET":
        context = {
            "template": template,
            "noun": "template",
            "name": template.name,
            "keep_url": reverse("drafts:template", args=[pk]),
        }
        return render(request, "drafts/delete_template.html", context)
    template.give_up(access.person(request))
    messages.info(request, f"The template “{template.name}” is deleted.")
    return redirect("drafts:templates")


@require_http_methods(["GET", "POST"])
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a name, and keep what a campaign says as a template.

    Ask again before another template is replaced.
    """
    campaign = load(request, pk)
    if request.method == "GET":
        form = TemplateForm({"name": campaign.name[:TEMPLATE_NAME_MAX_LENGTH]})
        return _ask(request, campaign, form)
    form = TemplateForm(request.POST)
    if not form.is_valid():
        return _ask(request, campaign, form, status=422)
    name, person = form.cleaned_data["name"], access.person(request)
    fields = as_template(campaign.content())
    taken = CampaignTemplate.objects.named(campaign.client, name).first()
    if taken and request.POST.get("replace") == str(taken.pk):
        taken.replace(person, fields)
        kept = taken
    else:
        try:
            kept = CampaignTemplate.keep(person, campaign.client, name, fields)
        except NameTaken as refused:
            return _ask(request, campaign, form, taken=refused.other, status=422)
    messages.success(request, f"The template “{kept.name}” is saved.")
    return redirect("drafts:template", kept.pk)


def _ask(
    request: HttpRequest,
    campaign: Campaign,
    form: TemplateForm,
    *,
    taken: CampaignTemplate | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"campaign": campaign, "form": form, "taken": taken}
    return render(request, "drafts/keep_template.html", context, status=status)
