"""Other programs' files: the community workbook."""
