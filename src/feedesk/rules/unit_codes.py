"""Room codes as people write them: ``3-1-502``, ``3#1-502``, ``3栋1单元502室``, full-width, run together ``31502``."""

import re
import unicodedata

_SEPARATORS = re.compile(r"(?:号楼|单元|[栋幢座楼门#/_.~—–－]|\s)+")
_ENDINGS = re.compile(r"[室号房户]+$")
_HYPHENS = re.compile(r"-{2,}")
_RUNS = re.compile(r"\d+|\D+")


def plain_code(text: str) -> str:
    """A code in its plain form, half-width, upper case, joined by hyphens: ``3栋1单元502室`` → ``3-1-502``."""
    code = unicodedata.normalize("NFKC", text).strip().upper()
    code = _ENDINGS.sub("", code)
    return _HYPHENS.sub("-", _SEPARATORS.sub("-", code)).strip("-")


def compact_code(text: str) -> str:
    """A code without its separators, as cashiers type it: ``3-1-502`` → ``31502``."""
    return plain_code(text).replace("-", "")


def sort_key(code: str) -> str:
    """A text by which codes sort naturally in any database: 2栋 before 10栋, B1, S-01, A-001.

    Each run of digits is preceded by its length, so that longer numbers follow shorter ones.
    """
    runs = (run.lstrip("0") or "0" if run[0].isdigit() else run for run in _RUNS.findall(plain_code(code)))
    return "".join(f"{len(run):02d}{run}" if run[0].isdigit() else run for run in runs) + "\x1f" + code
