"""The commands: a small front over the gateway's socket. It shows and asks, and decides nothing.

``program`` runs one command; each command is a file of its own, with its arguments, its help and its words.
``console`` is all they have of the outside: the gateway, the terminal. ``text``, ``tables`` and ``words`` are pure.
"""
