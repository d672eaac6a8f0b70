"""Where the program's own files lie: fonts, icons, catalogues, migrations.

In a checkout they are the top-level folders; in an installed wheel they sit inside the package.
"""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_CHECKOUT = _PACKAGE.parent.parent


def _folder(name: str, packaged: str) -> Path:
    inside = _PACKAGE / packaged
    return inside if inside.is_dir() else _CHECKOUT / name


def resource_path(relative: str) -> Path:
    """The path of a file under ``resources/``, e.g. ``fonts/NotoSansSC-Regular.ttf``."""
    return _folder("resources", "_resources") / relative


def migrations_path() -> Path:
    """The folder of the alembic environment."""
    return _folder("migrations", "_migrations")
