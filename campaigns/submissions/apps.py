from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    name = "campaigns.submissions"

    def ready(self) -> None:
        _add_to_the_frame()
        _answer_earlier_apps()


def _add_to_the_frame() -> None:
    from campaigns.submissions.home import panels
    from campaigns.submissions.operating import banners, health, waiting_too_long
    from portal.pages import frame_parts

    frame_parts.links.register(lambda: frame_parts.Link("Submissions", "submissions:list"), 40)
    frame_parts.panels.register(panels.needs_me, 10)
    frame_parts.panels.register(panels.under_way, 20)
    frame_parts.panels.register(panels.calls_this_week, 25)
    frame_parts.banners_above.register(banners.held, 10)
    frame_parts.banners_above.register(health.banner, 20)
    frame_parts.banners_above.register(waiting_too_long.banner, 25)
    frame_parts.banners_above.register(banners.doubts, 30)
    frame_parts.health_checks.register(health.somebody_is_silent)
    frame_parts.health_checks.register(waiting_too_long.problem)


def _answer_earlier_apps() -> None:
    from campaigns.contacts.browsing import list_uses
    from campaigns.drafts import hooks
    from campaigns.drafts.preflight import facts
    from campaigns.submissions.freezing import already_sent
    from campaigns.submissions.history import (
        campaign_events,
        campaign_stages,
        campaign_states,
        why_reopened,
    )
    from campaigns.submissions.history import list_uses as submissions_uses
    from campaigns.submissions.submitting import same_week

    list_uses.uses.register(submissions_uses.of_contact_list)
    hooks.campaign_states.register(campaign_states.states)
    hooks.campaigns_at_stage.register(campaign_stages.at_stage)
    hooks.campaign_events.register(campaign_events.of_campaign)
    hooks.draft_reopened.register(why_reopened.why)
    hooks.draft_notes.register(already_sent.note)
    facts.people_elsewhere.register(same_week.campaigns)
