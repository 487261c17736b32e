"""The bundled MCP servers. Each is one folder; what they share is in ``common``.

``ostiary-serve NAME`` runs one of them over stdio, under Ostiary's gateway or alone under any MCP host.
"""
