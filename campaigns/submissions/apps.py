from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    name = "campaigns.submissions"
    navigation = ((40, "Submissions", "submissions:list"),)
    home_panels = (
        (10, "campaigns.submissions.panels.needs_me"),
        (20, "campaigns.submissions.panels.under_way"),
    )
    draft_notes = ("campaigns.submissions.earlier.note",)
    contact_list_uses = ("campaigns.submissions.uses.of_contact_list",)
    campaign_states = "campaigns.submissions.of_campaigns.states"
    draft_refusals = "campaigns.submissions.refusals.of_draft"
    draft_questions = "campaigns.submissions.resend_question.ask"
    health_checks = (
        "campaigns.submissions.health.the_sweeper_is_late",
        "campaigns.submissions.health.something_is_stuck",
    )
