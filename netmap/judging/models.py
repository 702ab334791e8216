"""Questions of an office and the grades of their answers. No question may name or describe a client."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from netmap.db import Base
from netmap.directory.models import new_id


class SearchQuestion(Base):
    """A question by which the search is judged, written for that by a member of staff."""

    __tablename__ = "search_question"
    __table_args__ = (UniqueConstraint("language", "plain"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)  # made of its words
    language: Mapped[str] = mapped_column(String(3))
    text: Mapped[str] = mapped_column(String(200))
    plain: Mapped[str] = mapped_column(String(400))  # small letters, single spaces: what makes two the same
    note: Mapped[str] = mapped_column(default="")
    half: Mapped[str] = mapped_column(String(4))  # "open" or "kept"
    added_by: Mapped[str] = mapped_column(String(254))
    added_on: Mapped[date]


class SearchGrade(Base):
    """What one judge says of one service as an answer to a question, from 0 to 3.

    The service is named by its id without a reference: a grade keeps nothing in the directory, and when an
    import is undone and done again its services, which get the same ids, have their grades still.
    """

    __tablename__ = "search_grade"
    __table_args__ = (
        UniqueConstraint("question_id", "service_id", "judge"),
        CheckConstraint("grade BETWEEN 0 AND 3", name="grade"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    question_id: Mapped[str] = mapped_column(ForeignKey("search_question.id", ondelete="CASCADE"))
    service_id: Mapped[str] = mapped_column(String(36))
    judge: Mapped[str] = mapped_column(String(254))
    grade: Mapped[int]
    graded_on: Mapped[date]
