"""Bytes to messages and back: framing, envelopes, method names. No input or output."""
