"""The ``files`` server: reads, searches and edits what lies in the approved folders.

Its tools bear the names and arguments of the reference filesystem server, so that what models learned there serves
here.
"""
