"""``get_recent_commit_activity``, and the only place where git is run."""
