"""The names of the design: colours of both themes, sizes of type and rows, spacing. No Qt, no other colour anywhere.

Text colours stand at 4.5:1 or better on every ground they are used on (a test computes it).
"""

from dataclasses import dataclass
from typing import Final, Literal

Token = Literal[
    "bg", "card", "panel", "line", "hair",
    "ink", "ink_2", "mute",
    "accent", "accent_soft", "selected",
    "button", "button_ink", "button_cap",
    "danger", "danger_soft", "warn", "warn_soft", "good", "good_soft", "dot",
    "field", "field_line", "tick_line",
    "cap", "cap_line", "cap_ink",
    "sidebar", "sidebar_on", "sidebar_ink", "sidebar_on_ink", "sidebar_cap_line", "mark",
    "chart_due", "chart_received", "chart_rate", "chart_grid",
    "map_paid", "map_1", "map_2", "map_4", "map_12", "map_12_ink", "map_empty",
    "shade", "shadow", "training", "training_ink",
]  # fmt: skip

Look = Literal["keycap", "caption", "secondary", "body", "title", "button", "room", "figure", "total"]


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one theme, as ``#rrggbb`` (``shade`` and ``shadow`` as ``#aarrggbb``)."""

    bg: str
    card: str
    panel: str
    line: str
    hair: str
    ink: str
    ink_2: str
    mute: str
    accent: str
    accent_soft: str
    selected: str
    danger: str
    danger_soft: str
    warn: str
    warn_soft: str
    good: str
    good_soft: str
    dot: str
    field: str
    field_line: str
    tick_line: str
    cap: str
    cap_line: str
    cap_ink: str
    sidebar: str
    sidebar_on: str
    sidebar_ink: str
    sidebar_cap_line: str
    chart_due: str
    chart_received: str
    chart_rate: str
    chart_grid: str
    map_paid: str
    map_1: str
    map_2: str
    map_4: str
    map_12: str
    map_empty: str
    shade: str
    shadow: str
    button: str = "#1b7d73"
    button_ink: str = "#ffffff"
    button_cap: str = "#14655d"
    sidebar_on_ink: str = "#ffffff"
    mark: str = "#2bb5a5"
    map_12_ink: str = "#ffffff"
    training: str = "#8a4b00"
    training_ink: str = "#ffffff"


LIGHT: Final = Palette(
    bg="#f3f5f7", card="#ffffff", panel="#f6f8fa", line="#d8dfe5", hair="#e8edf1",
    ink="#17222d", ink_2="#3d4a57", mute="#5a6672",
    accent="#17756b", accent_soft="#e3f2ef", selected="#eef7f5",
    danger="#b42318", danger_soft="#fdecea", warn="#8a4b00", warn_soft="#fdf0d5",
    good="#17713f", good_soft="#e3f2ef", dot="#2a9d4f",
    field="#ffffff", field_line="#aab6c0", tick_line="#7d8a96",
    cap="#ffffff", cap_line="#bfc9d1", cap_ink="#465360",
    sidebar="#15303b", sidebar_on="#0c222b", sidebar_ink="#c4d3da", sidebar_cap_line="#4b636e",
    chart_due="#c3ced6", chart_received="#1f8a7e", chart_rate="#b45f06", chart_grid="#e3e9ed",
    map_paid="#e3f2ef", map_1="#fdf0d5", map_2="#f8d794", map_4="#f3b0a6", map_12="#b42318", map_empty="#e9edf2",
    shade="#800c222b", shadow="#0a17222d",
)  # fmt: skip

DARK: Final = Palette(
    bg="#10171b", card="#1a2328", panel="#202b31", line="#323f47", hair="#28343b",
    ink="#e8eef2", ink_2="#c3ced5", mute="#9aa9b3",
    accent="#45c4b2", accent_soft="#17382f", selected="#1b322f",
    danger="#ff9186", danger_soft="#46211f", warn="#f3c36f", warn_soft="#3d2d10",
    good="#7fd49a", good_soft="#17382f", dot="#43b566",
    field="#141c20", field_line="#4b5a64", tick_line="#7b8a95",
    cap="#27333a", cap_line="#46555f", cap_ink="#c3ced5",
    sidebar="#0b1114", sidebar_on="#152229", sidebar_ink="#b3c1c9", sidebar_cap_line="#3b4a53",
    chart_due="#4d5d67", chart_received="#37a999", chart_rate="#f0a550", chart_grid="#2b373e",
    map_paid="#1d332f", map_1="#3d3016", map_2="#5c4516", map_4="#6d2f29", map_12="#c8382b", map_empty="#2b363d",
    shade="#a0000000", shadow="#28000000",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes in logical pixels; the large set is for tired eyes and for a total seen from across the desk."""

    keycap: int = 11
    caption: int = 12
    secondary: int = 13
    body: int = 14
    title: int = 15
    button: int = 18
    room: int = 22
    figure: int = 24
    total: int = 42
    row: int = 30
    billing_row: int = 36
    table_head: int = 30
    top_bar: int = 52
    status_line: int = 28
    sidebar: int = 76
    field: int = 36
    money_field: int = 50
    main_button: int = 52


NORMAL_SIZES: Final = Sizes()
LARGE_SIZES: Final = Sizes(
    keycap=12, caption=13, secondary=14, body=15, title=16, button=20, room=24, figure=28, total=54,
    row=32, billing_row=38, table_head=32, status_line=30, field=38, money_field=52, main_button=54,
)  # fmt: skip

# A screen of 1366×768 at 150 % has 911×512 logical pixels, each as large as 1.5 of the others: type that is a little
# smaller in logical pixels is still larger in millimetres.
COMPACT_SIZES: Final = Sizes(
    keycap=10, caption=11, secondary=12, body=13, title=14, button=16, room=18, figure=20, total=30,
    row=26, billing_row=30, table_head=26, top_bar=44, status_line=24, sidebar=58, field=32, money_field=40,
    main_button=42,
)  # fmt: skip

# Radii do not change with the type.
RADIUS_CARD: Final = 8
RADIUS_FIELD: Final = 6
RADIUS_CAP: Final = 4
FOCUS: Final = 2

CODE_GROUND: Final = "#ffffff"
"""Behind a code to be scanned, whatever the theme."""
