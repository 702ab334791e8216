"""What a package would change if it were saved, shown in its form; nothing is stored."""

from dataclasses import replace
from typing import Any

from flask import request

from netmap.errors import Invalid
from netmap.i18n import language
from netmap.matching.trying import try_package
from netmap.packages import service
from netmap.packages.document import text
from netmap.web.door import db, permit, settings
from netmap.web.effects import package_words
from netmap.web.packages import packages
from netmap.web.packages_draft import Draft
from netmap.web.packages_editor import editor
from netmap.web.packages_form import document_of
from netmap.web.packages_sent import from_form


@packages.post("/packages/new/effect")
@permit("edit packages", reads=True)
def new_effect() -> Any:
    """Show the form of a new package with what the package would change."""
    return _form_with_effect(replace(from_form(request.form), expected=0), None)


@packages.post("/packages/<code>/effect")
@permit("edit packages", reads=True)
def effect(code: str) -> Any:
    """Show the form of a package with what this version would change."""
    service.get(db(), code)
    return _form_with_effect(replace(from_form(request.form), code=code), code)


def _form_with_effect(draft: Draft, code: str | None) -> Any:
    try:
        document = document_of(draft)
    except Invalid as error:
        return editor(draft, code, errors=error.fields, unsaved=True), 422
    tried = try_package(db(), settings(), document)
    named = {document.code: text(document.name, language())}
    return editor(draft, code, unsaved=True, effect=package_words(tried, named))
