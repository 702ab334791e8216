"""Reading a page as a browser does: its words, and what each of its forms would send."""

from xml.etree.ElementTree import Element

import html5lib
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse


def page(answer: TestResponse) -> Element:
    tree: Element = html5lib.parse(answer.get_data(as_text=True), namespaceHTMLElements=False)
    return tree


def words(tree: Element) -> str:
    return " ".join(" ".join(tree.itertext()).split())


def fields(tree: Element, action: str) -> MultiDict[str, str]:
    """What a browser would send of the form with this action."""
    form = next(form for form in tree.iter("form") if form.get("action") == action)
    sent: MultiDict[str, str] = MultiDict()
    for part in form.iter():
        name = part.get("name")
        if not name or part.tag == "button":
            continue
        if part.tag == "select":
            options = list(part.iter("option"))
            chosen = [option for option in options if option.get("selected") is not None] or options[:1]
            sent.add(name, chosen[0].get("value") or "")
        elif part.tag == "textarea":
            sent.add(name, part.text or "")
        elif part.get("type") not in ("checkbox", "radio") or part.get("checked") is not None:
            sent.add(name, part.get("value") or "")
    return sent


def editor(text: str) -> MultiDict[str, str]:
    """What a browser would send of the form of a record, without any button."""
    tree: Element = html5lib.parse(text, namespaceHTMLElements=False)
    actions = [form.get("action") or "" for form in tree.iter("form")]
    return fields(tree, next(one for one in actions if one.endswith(("/edit", "/new"))))
