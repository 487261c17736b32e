"""``summarize_file_purpose``."""
