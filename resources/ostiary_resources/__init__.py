"""Data that ships with Ostiary, read through ``importlib.resources.files``."""
