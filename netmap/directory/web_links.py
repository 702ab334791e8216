"""Addresses of web pages as records hold them. Pure."""

from urllib.parse import urlsplit


def link(value: str | None) -> str | None:
    """Return a web address that is safe to link to, or None.

    Examples
    --------
    >>> link("www.help.example"), link("javascript:alert(1)"), link("https://help.example/a")
    ('https://www.help.example', None, 'https://help.example/a')
    """
    text = (value or "").strip()
    if text.lower().startswith("www."):
        text = f"https://{text}"
    try:
        parts = urlsplit(text) if text.isprintable() else urlsplit("")
    except ValueError:  # a bracket that is not closed, as in "http://["
        return None
    return text if parts.scheme.lower() in {"http", "https"} and parts.netloc else None
