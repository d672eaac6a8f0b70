"""What of a payer others may read: of a name the surname, of a home the last part of its code.

The queue at the desk reads along on a customer display (个人信息保护法 art. 6: no more than the purpose needs).
"""

# The compound surnames still borne; of any other name the first character is the surname.
_COMPOUND = frozenset(
    {
        *("欧阳", "上官", "司马", "司徒", "诸葛", "夏侯", "东方", "皇甫", "尉迟", "公孙", "慕容"),
        *("令狐", "长孙", "宇文", "轩辕", "端木", "西门", "南宫", "独孤", "呼延", "第五"),
    }
)
_HIDDEN = "**"
_SHORTEST_FIRM = 5


def hidden_name(name: str) -> str:
    """``张**``, ``欧阳**``, ``Z**``; of a firm's name two characters. The length of the rest is hidden too."""
    kept = name.strip()
    if not kept:
        return ""
    if not "\u3400" <= kept[0] <= "\U000323af":
        return kept[0] + _HIDDEN
    firm = len(kept) >= _SHORTEST_FIRM and kept[:2] not in _COMPOUND
    return (kept[:2] if firm or (kept[:2] in _COMPOUND and len(kept) > 2) else kept[0]) + _HIDDEN


def short_unit(unit: str) -> str:
    """The last part of a unit's code, ``502`` of ``3-1-502``: enough for its payer to know it."""
    return unit.strip().rsplit("-", 1)[-1].rsplit("#", 1)[-1]
