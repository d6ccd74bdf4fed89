from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    name = "campaigns.submissions"
    navigation = ((40, "Submissions", "submissions:list"),)
    home_panels = (
        (10, "campaigns.submissions.panels.needs_me"),
        (20, "campaigns.submissions.panels.under_way"),
        (25, "campaigns.submissions.panels.calls_this_week"),
    )
    draft_notes = ("campaigns.submissions.earlier.note",)
    banners = (
        (10, "campaigns.submissions.banners.held"),
        (20, "campaigns.submissions.health.banner"),
        (25, "campaigns.submissions.waiting.banner"),
        (30, "campaigns.submissions.banners.doubts"),
    )
    contact_list_uses = ("campaigns.submissions.uses.of_contact_list",)
    campaign_states = "campaigns.submissions.of_campaigns.states"
    campaign_state_choices = "campaigns.submissions.of_campaigns.state_choices"
    campaigns_in_state = "campaigns.submissions.of_campaigns.in_state"
    people_elsewhere = "campaigns.submissions.same_week.campaigns"
    draft_reopened = "campaigns.submissions.reopened.why"
    draft_questions = "campaigns.submissions.resend_question.ask"
    health_checks = (
        "campaigns.submissions.health.somebody_is_silent",
        "campaigns.submissions.waiting.problem",
    )
