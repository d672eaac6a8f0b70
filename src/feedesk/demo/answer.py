"""What the demo says in the end: what was collected, that everything agrees, and which files it leaves."""

from datetime import date

from feedesk.cli.output import Answer, yuan
from feedesk.demo.checks import DayResult
from feedesk.demo.papers import DemoFolder
from feedesk.money import format_amount
from feedesk.texts import _


def answer_of(folder: DemoFolder, day: date, result: DayResult, seconds: float) -> Answer:
    """What the command answers: the sums, that all agrees, and where everything lies."""
    files = {
        "ledger": [folder.ledger.name],
        "community": [folder.community.name],
        "summary": [folder.summary(day).name],
        "slips": folder.files(folder.slips, ".escpos") + folder.files(folder.slips, ".png"),
        "receipts": folder.files(folder.receipts, ".pdf"),
        "screenshots": folder.files(folder.screenshots, ".png"),
    }
    voids = len(result.receipts) - len(result.standing)
    printed = sum(name.endswith(".escpos") for name in files["slips"])
    document: dict[str, object] = {
        "out": str(folder.path),
        "date": day.isoformat(),
        "payments": len(result.receipts),
        "voids": voids,
        "receipts": {"from": result.receipts[0].number, "to": result.receipts[-1].number, "printed": printed},
        "total": yuan(result.total),
        "takings": {name: yuan(amount) for name, amount in result.by_tender.items()},
        "verify": {"ok": result.verification.ok, "entries": result.verification.entries},
        "seconds": round(seconds, 1),
        "files": files,
    }
    lines = [
        _("{day}: {n} payments, {voids} voided, {printed} slips printed").format(
            day=day.isoformat(), n=len(result.receipts), voids=voids, printed=printed
        ),
        *[f"  {name}  {format_amount(amount)}" for name, amount in result.by_tender.items()],
        _("Collected {total}: window, slips, ledger, daily summary and drawer agree to the fen").format(
            total=format_amount(result.total)
        ),
        _("The ledger was verified: {n} entries, no problem").format(n=result.verification.entries),
        _("Everything lies in {folder}:").format(folder=folder.path.resolve()),
        *_listing(files),
    ]
    return Answer(document, lines)


def _listing(files: dict[str, list[str]]) -> list[str]:
    one_each = [names[0] for names in files.values() if len(names) == 1]
    counted = [
        _("{folder}/ — {n} files").format(folder=names[0].split("/")[0], n=len(names))
        for names in files.values()
        if len(names) > 1
    ]
    return [f"  {words}" for words in (*one_each, *counted)]
