"""Every call, redacted, kept in SQLite."""
