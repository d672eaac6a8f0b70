"""The parts of the customer display: what it may say, how that is laid out, the window, and how it follows the desk."""
