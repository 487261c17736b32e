"""Life and death of server processes."""
