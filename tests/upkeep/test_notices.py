"""What an admin is told on the start page."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from netmap.db import now, transaction
from netmap.jobs.models import Job
from netmap.upkeep.folder import note_backup

SignIn = Callable[[str | None], FlaskClient]


@pytest.mark.parametrize(
    ("job", "sentence"),
    [
        ({"due_at": timedelta(minutes=9)}, "for 9 minutes"),
        ({"state": "failed"}, "given up"),
    ],
)
def test_an_admin_sees_work_that_is_not_done(
    app: Flask, sign_in: SignIn, job: dict[str, object], sentence: str
) -> None:
    assert "For you as admin" not in sign_in("admin").get("/").text
    with transaction(app.extensions["netmap_engine"]) as session:
        ago = {name: now() - value for name, value in job.items() if isinstance(value, timedelta)}
        session.add(Job(kind="letter", payload={}, **{**job, **ago}))
    assert sentence in sign_in("admin").get("/").text
    assert sentence not in sign_in("coordinator").get("/").text


def test_an_admin_sees_that_the_last_backup_is_too_old(app: Flask, sign_in: SignIn) -> None:
    from dataclasses import replace

    settings = app.extensions["netmap_settings"]
    note_backup(settings.data_dir, now() - timedelta(days=8), "old.zip")
    admin = sign_in("admin")
    assert "no backup" not in admin.get("/").text, "the demo needs none"
    app.extensions["netmap_settings"] = replace(settings, demo=False)
    assert "no backup for 8 days" in admin.get("/").text
