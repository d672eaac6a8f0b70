"""What screens and papers ask of the ledger: frozen rows, never live objects."""
