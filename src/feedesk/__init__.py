"""feedesk: the cashier desk of a residential property company (物业收费)."""

__version__ = "0.1.0"
