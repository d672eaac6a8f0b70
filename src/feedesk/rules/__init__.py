"""The trade's rules as pure functions over plain values: nothing here knows of a database, a window or a clock."""
