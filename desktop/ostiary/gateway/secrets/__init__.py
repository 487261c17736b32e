"""Secrets, in the OS keyring only."""
