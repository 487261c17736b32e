"""The gate: rules, open questions, pinned tool definitions."""
