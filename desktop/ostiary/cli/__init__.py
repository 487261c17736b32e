"""The commands: a small front over the gateway's socket."""
