"""Every word shown to a person, in one gettext catalogue for window, paper and workbook.

Message ids are English; ``zh_CN`` is the default language, ``en`` the second. The language can change while
the program runs, so texts are looked up when shown: ``_("…")`` translates now, ``N_("…")`` only marks a text
that is translated later (class attributes, table headers).
"""

import gettext
from functools import cache

from feedesk.resources import resource_path

DEFAULT_LANGUAGE = "zh_CN"
LANGUAGES = ("zh_CN", "en")

_language = DEFAULT_LANGUAGE


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("feedesk", str(resource_path("locale")), [language], fallback=True)


def use_language(language: str) -> None:
    """Shows all texts from now on in ``language``, one of `LANGUAGES`."""
    global _language
    if language not in LANGUAGES:
        raise ValueError(f"no catalogue for {language!r}")
    _language = language


def current_language() -> str:
    """The language texts are shown in."""
    return _language


def _(message: str) -> str:
    return _catalogue(_language).gettext(message)


def ngettext(one: str, many: str, n: int) -> str:
    """The form of a text that fits the number ``n``."""
    return _catalogue(_language).ngettext(one, many, n)


def N_(message: str) -> str:
    """Marks a text for the catalogue; it is translated where it is shown."""
    return message


def in_language(language: str, message: str) -> str:
    """A text in a given language, whatever the window's: papers keep the language they were issued in."""
    return _catalogue(language).gettext(message)
