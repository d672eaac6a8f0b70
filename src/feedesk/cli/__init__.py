"""The command line: the window's use cases for automation, batch work and tests.

`feedesk.cli.main` turns arguments into one command and one answer; ``commands/`` has a file per command.
"""
