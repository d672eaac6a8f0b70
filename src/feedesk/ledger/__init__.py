"""The one door through which money is written: chart of accounts, entries, their hash chain, balances, verification."""
