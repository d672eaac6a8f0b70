"""How a name is read aloud, for the search box: pinyin ``zhang yang yan`` and initials ``zyy``."""

# Family names that are read otherwise than the character mostly is.
_FAMILY = {
    "单": "shan", "解": "xie", "查": "zha", "仇": "qiu", "区": "ou", "曾": "zeng", "任": "ren", "朴": "piao",
    "繁": "po", "员": "yun", "盖": "ge", "种": "chong", "尉": "wei", "宓": "fu", "召": "shao", "盛": "sheng",
}  # fmt: skip
# Rare characters that the library has no reading for.
_RARE = {"𠮷": "ji"}


def reading_of_name(name: str) -> tuple[str, str]:
    """Pinyin syllables separated by blanks, and their initials; what has no reading stays as it is."""
    from pypinyin import lazy_pinyin

    syllables = [part.strip().lower() for part in lazy_pinyin(name, errors="default")]
    if name[:1] in _FAMILY and syllables:
        syllables[0] = _FAMILY[name[0]]
    syllables = [_RARE.get(part, part) for part in syllables if part]
    return " ".join(syllables), "".join(part[0] for part in syllables)
