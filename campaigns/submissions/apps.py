from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    name = "campaigns.submissions"
    navigation = ((40, "Submissions", "submissions:list"),)
    home_panels = (
        (10, "campaigns.submissions.history.home_panels.needs_me"),
        (20, "campaigns.submissions.history.home_panels.under_way"),
        (25, "campaigns.submissions.history.home_panels.calls_this_week"),
    )
    draft_notes = ("campaigns.submissions.freezing.already_sent.note",)
    banners = (
        (10, "campaigns.submissions.operating.banners.held"),
        (20, "campaigns.submissions.operating.health.banner"),
        (25, "campaigns.submissions.operating.waiting_too_long.banner"),
        (30, "campaigns.submissions.operating.banners.doubts"),
    )
    contact_list_uses = ("campaigns.submissions.history.list_uses.of_contact_list",)
    campaign_states = "campaigns.submissions.history.campaign_states.states"
    campaign_state_choices = "campaigns.submissions.history.campaign_states.state_choices"
    campaigns_in_state = "campaigns.submissions.history.campaign_states.in_state"
    people_elsewhere = "campaigns.submissions.submitting.same_week.campaigns"
    draft_reopened = "campaigns.submissions.history.why_reopened.why"
    draft_questions = "campaigns.submissions.submitting.resend_question.ask"
    health_checks = (
        "campaigns.submissions.operating.health.somebody_is_silent",
        "campaigns.submissions.operating.waiting_too_long.problem",
    )
