"""The bundled MCP servers. Each is one folder; what they share is in ``common``."""
