"""What is stored, in nouns of the trade: SQLAlchemy models that alembic reads; work on them is done in Core."""

from feedesk.models.base import Base, table_of
from feedesk.models.billing import BillingRun, Charge, Opening
from feedesk.models.community import Building, Community, Unit
from feedesk.models.desk import Allocation, Payment, PaymentLine, PaymentTender, Shift, ShiftClose, Tender, Till
from feedesk.models.fees import FeeItem, Tariff, TariffScope, TariffVersion
from feedesk.models.journal import Chain, Entry, LedgerAccount, Posting
from feedesk.models.meters import ChargeUsage, Meter, MeterReading
from feedesk.models.office import AuditRecord, Setting, Staff
from feedesk.models.papers import DayClose, PrintJob, Receipt, ReceiptBook
from feedesk.models.people import Account, Occupancy, OccupancyTag, Plate, Resident, ResidentPhone

__all__ = [
    "Account", "Allocation", "AuditRecord", "Base", "BillingRun", "Building", "Chain", "Charge", "ChargeUsage",
    "Community", "DayClose", "Entry", "FeeItem", "LedgerAccount", "Meter", "MeterReading", "Occupancy",
    "OccupancyTag", "Opening", "Payment", "PaymentLine", "PaymentTender", "Plate", "Posting", "PrintJob", "Receipt",
    "ReceiptBook", "Resident", "ResidentPhone", "Setting", "Shift", "ShiftClose", "Staff", "Tariff", "TariffScope",
    "TariffVersion", "Tender", "Till", "Unit", "table_of",
]  # fmt: skip
