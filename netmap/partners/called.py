"""How the history of the network calls its rows and fields."""

from netmap.directory.models import Organization
from netmap.editing.fields import Field, Words
from netmap.editing.further import call
from netmap.i18n import gettext as _
from netmap.partners import words
from netmap.vocabulary.terms import label, vocabulary


def _fields(kind: str, **names: Words) -> list[Field]:
    return [Field(name, said, kind) for name, said in names.items()]


_NAMED = [
    Field("organization_id", lambda: _("Organisation"), "reference", refers=Organization),
    *_fields("line", name=lambda: _("Name"), role=lambda: _("Role in it")),
]


def tell() -> None:
    """Say how the rows of this room are called."""
    call(
        "partnership", lambda: _("Relation to the network"),
        Field("state", lambda: _("State"), "choice", choices=words.states),
        *_fields("line", owner=lambda: _("Who looks after it"), next_step=lambda: _("Next step")),
        *_fields("date", next_on=lambda: _("On which day")), *_fields("text", note=lambda: _("Note")),
    )  # fmt: skip
    call(
        "partner_contact", lambda: _("Contact"),
        *_fields("date", day=lambda: _("On which day")),
        Field("how", lambda: _("How"), "choice", choices=words.ways),
        *_fields("line", sentence=lambda: _("What came of it"), noted_by=lambda: _("Noted by")),
    )  # fmt: skip
    call(
        "partner_service", lambda: _("Answer"),
        Field("service_type", lambda: _("Kind of service"), "choice", choices=_types),
        Field("answer", lambda: _("Answer"), "choice", choices=words.answers),
        _NAMED[0],
    )  # fmt: skip
    call(
        "partner_licence", lambda: _("Licence"),
        *_fields("line", name=lambda: _("Name"), number=lambda: _("Number")),
        *_fields("date", valid_to=lambda: _("Valid until")),
    )  # fmt: skip
    call(
        "role_sheet", lambda: _("Role sheet"),
        *_fields(
            "text", functions=lambda: _("Functions"), limits=lambda: _("Limits"),
            interests=lambda: _("Interests"), contribution=lambda: _("Contribution"),
            strengths=lambda: _("Strengths"), funding=lambda: _("Funding of the coordination"),
            staff=lambda: _("Staff and qualifications"), premises=lambda: _("Premises, equipment, internet"),
            our_view=lambda: _("How we see the work together"),
            their_view=lambda: _("How the partner sees it"),
        ),
        *_fields(
            "date", agreed_on=lambda: _("Agreed with the partner on"),
            review_on=lambda: _("To be reviewed on"),
        ),
    )  # fmt: skip
    _tell_agreements()
    _tell_bodies()


def _types() -> dict[str, str]:
    return {code: label(code) for code in vocabulary().service_types}


def _tell_agreements() -> None:
    call(
        "agreement", lambda: _("Agreement"),
        Field("kind", lambda: _("Kind"), "choice", choices=words.kinds),
        *_fields(
            "line", title=lambda: _("What it is about"), owner=lambda: _("Who looks after it (liaison)"),
            price=lambda: _("Price"), price_per=lambda: _("In which currency, for what"),
            volume_agreed=lambda: _("Volume agreed"), volume_used=lambda: _("Volume used"),
            volume_unit=lambda: _("Volume of what"), signed_by=lambda: _("Signed by"),
        ),
        *_fields(
            "text", goals=lambda: _("Goals"), roles=lambda: _("Roles: who does what"),
            tools=lambda: _("Tools and resources"), result=lambda: _("Result"),
        ),
        *_fields(
            "date", begins=lambda: _("Begins"), ends=lambda: _("Last day"),
            ended_on=lambda: _("Ended early on"), review_on=lambda: _("To be reviewed on"),
            used_on=lambda: _("Use counted on"),
        ),
    )  # fmt: skip
    call("agreement_party", lambda: _("Party"), *_NAMED)
    call(
        "agreement_document", lambda: _("Document"),
        *_fields("line", name=lambda: _("Name"), kept_at=lambda: _("Link or place")),
    )  # fmt: skip
    call("agreement_tie", lambda: _("Tie that follows from an agreement"))


def _tell_bodies() -> None:
    call(
        "coordinating_body", lambda: _("Body"),
        *_fields("line", name=lambda: _("Name"), meets=lambda: _("When and where it meets")),
        *_fields("text", purpose=lambda: _("What it decides")),
        *_fields("date", ended_on=lambda: _("Does not meet any more since")),
    )  # fmt: skip
    call("body_member", lambda: _("Member"), *_NAMED)
    call(
        "body_meeting", lambda: _("Meeting"),
        *_fields("date", held_on=lambda: _("Day of the meeting")),
        *_fields("text", subject=lambda: _("What it was about")),
    )  # fmt: skip
    call("body_decision", lambda: _("Decision"), *_fields("line", sentence=lambda: _("Decision")))
    call(
        "body_action", lambda: _("Action"),
        *_fields("line", sentence=lambda: _("What is to be done"), owner=lambda: _("Who")),
        *_fields("date", due=lambda: _("By when"), done_on=lambda: _("Done on")),
    )  # fmt: skip
