"""An example of the file that a call flow needs."""

from collections.abc import Iterator

from campaigns.clients.models import CallFlow

# One of Ofcom's numbers for drama, which belongs to nobody.
NUMBER = "07700 900123"


def rows(flow: CallFlow) -> Iterator[list[str]]:
    """Yield the headings and one row: number, name, and a column for each parameter's label."""
    labels = list(flow.parameters.order_by("number").values_list("label", flat=True))
    yield ["Phone number", "Name", *labels]
    yield [NUMBER, "Alex Example", *(f"Example of {label.lower()}" for label in labels)]
