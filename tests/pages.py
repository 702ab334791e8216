"""Reading a page as a browser does: its words, and what each of its forms would send."""

import re
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

VALUE = re.compile(r'"[^"<>&]*"')  # of an attribute, with nothing in it that the syntax looks at
WORD = re.compile(r"(<[^>]*>|&[#\w]*;?)|[^<&\s]+")


@lru_cache(maxsize=4)
def parsed(text: str) -> tuple[Element, list[Any]]:
    """Return the tree of a page, which is not to be changed, and what is wrong with its syntax."""
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    return parser.parse(text), list(parser.errors)


def skeleton(text: str) -> str:
    """Return a page without its words and values: what is left decides whether it is well-formed."""
    bare = WORD.sub(lambda found: found[1] or "x", VALUE.sub('""', text))
    return re.sub(r"\s*x(?:\s+x)*\s*", "x", bare)


def page(answer: TestResponse) -> Element:
    return parsed(answer.get_data(as_text=True))[0]


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
    tree = parsed(text)[0]
    actions = [form.get("action") or "" for form in tree.iter("form")]
    return fields(tree, next(one for one in actions if one.endswith(("/edit", "/new"))))
