"""Approved folders: confinement, subscriptions, debouncing."""
