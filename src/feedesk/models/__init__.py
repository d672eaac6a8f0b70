"""What is stored, in nouns of the trade: SQLAlchemy models that alembic reads; work on them is done in Core."""

from feedesk.models.base import Base, table_of
from feedesk.models.billing import (
    BillingRun,
    Charge,
    ChargeFreeze,
    ChargeReplacement,
    LateFeeStop,
    Opening,
    RevenueRelease,
    SharedCost,
    Waiver,
)
from feedesk.models.cancelling import ChargeCancellation
from feedesk.models.community import Building, Community, Unit
from feedesk.models.desk import (
    Allocation,
    AllocationBasis,
    BankDeposit,
    CashMovement,
    Correction,
    Payment,
    PaymentLine,
    PaymentTender,
    Shift,
    ShiftClose,
    Tender,
    Till,
)
from feedesk.models.fees import FeeItem, Tariff, TariffScope, TariffVersion
from feedesk.models.hands import CarriedBalance, ChangeOfHands
from feedesk.models.journal import Chain, Entry, LedgerAccount, Posting
from feedesk.models.meters import ChargeUsage, Meter, MeterReading, SupplierInvoice
from feedesk.models.office import AuditRecord, Setting, Staff
from feedesk.models.papers import DayClose, PrintJob, Receipt, ReceiptBook
from feedesk.models.people import Account, Occupancy, OccupancyTag, Plate, Resident, ResidentPhone
from feedesk.models.references import AddedReference
from feedesk.models.reliefs import ConcessionGrant, ConcessionItem, ConcessionPolicy, LateFeeRule, LprRate
from feedesk.models.requests import ApprovalDecision, ApprovalRequest
from feedesk.models.sales import Sale
from feedesk.models.sign_offs import ShiftSignOff
from feedesk.models.unclaimed import UnclaimedMoney

__all__ = [
    "Account", "AddedReference", "Allocation", "AllocationBasis", "ApprovalDecision", "ApprovalRequest",
    "AuditRecord", "BankDeposit", "Base", "BillingRun", "Building", "CarriedBalance", "CashMovement", "Chain",
    "ChangeOfHands", "Charge", "ChargeCancellation", "ChargeFreeze", "ChargeReplacement", "ChargeUsage", "Community",
    "ConcessionGrant", "ConcessionItem", "ConcessionPolicy", "Correction", "DayClose", "Entry", "FeeItem",
    "LateFeeRule", "LateFeeStop", "LedgerAccount", "LprRate", "Meter", "MeterReading", "Occupancy", "OccupancyTag",
    "Opening", "Payment", "PaymentLine", "PaymentTender", "Plate", "Posting", "PrintJob", "Receipt", "ReceiptBook",
    "Resident", "ResidentPhone", "RevenueRelease", "Sale", "Setting", "SharedCost", "Shift", "ShiftClose",
    "ShiftSignOff", "Staff", "SupplierInvoice", "Tariff", "TariffScope", "TariffVersion", "Tender", "Till",
    "UnclaimedMoney", "Unit", "Waiver", "table_of",
]  # fmt: skip
