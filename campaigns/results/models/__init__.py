"""What is kept of the calls: people, their calls and SMS, and how far each part has been read."""

from campaigns.results.models.account_turn import AccountTurn
from campaigns.results.models.called_person import Call, CalledPerson, Sms
from campaigns.results.models.part_reading import PartReading, ReadingLost

__all__ = ["AccountTurn", "Call", "CalledPerson", "PartReading", "ReadingLost", "Sms"]
