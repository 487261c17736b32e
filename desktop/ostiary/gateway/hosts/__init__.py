"""The hosts' configuration files: where they are and how they are edited."""
