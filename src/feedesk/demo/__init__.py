"""The sample day: a community's workbook, a cashier's whole day by key presses through the real window, its papers."""
