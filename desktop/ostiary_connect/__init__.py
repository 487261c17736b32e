"""The shim that a host starts: it finds the gateway and connects the host to it. Standard library only."""
