"""Collects the texts of the sources into the catalogues of ``resources/locale``: ``make texts``.

New texts are added (English with themselves, Chinese empty, to be filled in), texts no longer in the sources are
dropped, and the compiled catalogues are written beside. The files depend on the texts alone: no dates, no line numbers.
"""

import io
import sys
from collections.abc import Iterable
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCES = Path(__file__).resolve().parent.parent / "src"
LOCALE = SOURCES.parent / "resources" / "locale"
LANGUAGES = ("en", "zh_CN")
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "in_language": (2,)}

MessageId = str | tuple[str, ...]


def texts_in_sources() -> dict[MessageId, str]:
    """Each message id (a pair where there is a plural) and the first file that has it."""
    found: dict[MessageId, str] = {}
    for file, _line, message, _comments, _context in extract_from_dir(str(SOURCES), keywords=KEYWORDS):
        found.setdefault(tuple(message) if isinstance(message, tuple | list) else message, file)
    return found


def catalogue_path(language: str) -> Path:
    """The editable catalogue of a language; the compiled one lies beside it."""
    return LOCALE / language / "LC_MESSAGES" / "feedesk.po"


def read_catalogue(language: str) -> Catalog:
    """The catalogue as it is on disk."""
    return read_po(io.BytesIO(catalogue_path(language).read_bytes()), locale=language)


def written(catalogue: Catalog) -> bytes:
    """The catalogue in the form people edit: sorted, without dates of change or line numbers."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, sort_output=True, width=110, no_location=True)
    return buffer.getvalue()


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue in the binary form gettext reads."""
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def renewed(language: str, texts: Iterable[MessageId]) -> tuple[Catalog, list[MessageId]]:
    """A catalogue of just these texts with the translations known, and the texts that still wait for theirs."""
    catalogue = read_catalogue(language)
    renewed = Catalog(
        locale=language,
        header_comment=f"# The texts of feedesk ({language}); make texts keeps them in step with the sources.",
        project="feedesk",
        version="1",
        copyright_holder="the feedesk authors",
        msgid_bugs_address="the project's issues",
        creation_date=catalogue.creation_date,
        revision_date=catalogue.creation_date,
        last_translator="the feedesk authors",
        language_team="the feedesk authors",
        fuzzy=False,
    )
    waiting: list[MessageId] = []
    for text in texts:
        known = catalogue.get(text if isinstance(text, str) else text[0])
        string = known.string if known is not None and known.id == text else ""
        if not string or not all(string):
            string = text if language == "en" else ""
        if not string:
            waiting.append(text)
        renewed.add(text, string)
    return renewed, waiting


def main() -> int:
    """Renews both catalogues; 1 when translations are missing."""
    texts = texts_in_sources()
    status = 0
    for language in LANGUAGES:
        before = {str(message.id) for message in read_catalogue(language) if message.id}
        catalogue, waiting = renewed(language, texts)
        dropped = sorted(before - {str(text) for text in texts})
        path = catalogue_path(language)
        path.write_bytes(written(catalogue))
        path.with_suffix(".mo").write_bytes(compiled(catalogue))
        name = path.relative_to(SOURCES.parent)
        print(f"{name}: {len(texts)} texts, {len(dropped)} dropped, {len(waiting)} to translate")
        for text in dropped:
            print(f"  dropped: {text}")
        for message in waiting:
            print(f"  to translate: {message} ({texts[message]})")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
