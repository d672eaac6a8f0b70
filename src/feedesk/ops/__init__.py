"""What people do, a file per kind of work: ``verb_object(act, *, facts)`` → a frozen result.

`feedesk.ops.run` gives each its transaction, clock and actor.
"""
