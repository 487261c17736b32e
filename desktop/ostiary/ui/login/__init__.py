"""Starting Ostiary when a person logs in, in each desktop's own way."""
