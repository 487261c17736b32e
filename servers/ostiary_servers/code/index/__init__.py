"""Outlines of source files, kept between calls and checked at each."""
