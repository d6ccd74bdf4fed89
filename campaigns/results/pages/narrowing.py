"""Which people the table and the exports have, by codes in the URL. A number is never in it."""

import re
from dataclasses import dataclass
from typing import Self

from django.db.models import QuerySet
from django.http import QueryDict

from campaigns.partner.codes import Outcome, Stage
from campaigns.results.models import CalledPerson

People = QuerySet[CalledPerson]

REACHED, NOT_REACHED, TO_CALL = "reached", "not-reached", "to-call"
_STANDINGS = {
    REACHED: "who were reached",
    NOT_REACHED: "who were called and not reached",
    TO_CALL: "who were not called yet",
}
_CODE = re.compile(r"-?[0-9]{1,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The filters of a URL. One with a value that can't be used finds nobody."""

    standing: str = ""
    outcome: str = ""
    stage: str = ""

    @classmethod
    def read(cls, given: QueryDict) -> Self:
        return cls(given.get("standing", ""), given.get("outcome", ""), given.get("stage", ""))

    def among(self, people: People) -> People:
        if not self.is_usable:
            return people.none()
        if self.standing:
            people = {
                REACHED: people.filter(is_reached=True),
                NOT_REACHED: people.filter(is_reached=False, attempts__gt=0),
                TO_CALL: people.filter(attempts=0),
            }[self.standing]
        if self.outcome:
            people = people.filter(outcome=int(self.outcome))
        return people.filter(stage=int(self.stage)) if self.stage else people

    @property
    def is_usable(self) -> bool:
        codes = all(_CODE.fullmatch(code) for code in (self.outcome, self.stage) if code)
        return codes and self.standing in {"", *_STANDINGS}

    @property
    def words(self) -> str:
        """Return what narrows the people, for a sentence; "" if nothing does."""
        if not self.is_usable:
            return ""
        said = [_STANDINGS[self.standing]] if self.standing else []
        if self.outcome:
            said.append(f"whose last outcome is “{Outcome.words_for(int(self.outcome))}”")
        if self.stage:
            said.append(f"whose last stage is “{Stage.words_for(int(self.stage))}”")
        return " and ".join(said)

    def __bool__(self) -> bool:
        return bool(self.standing or self.outcome or self.stage)
