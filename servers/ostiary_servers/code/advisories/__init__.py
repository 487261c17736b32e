"""Hints at known vulnerabilities, from a dated list that is never fetched: a hint, and no audit."""
