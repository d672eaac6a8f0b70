"""Papers: from a stored receipt document to a slip, a picture, an A5 sheet or plain text, and on to the printer.

A `ReceiptDocument` says what a receipt says; `layout` turns it into lines for a width in columns; `escpos`, `image`
and `text` each render those lines, `pdf` sets the same document as an A5 form. `printers` carries bytes to a device
and asks how it is, `print_queue` decides what a slip's fate was, `virtual_printer` is a printer without paper.
"""
