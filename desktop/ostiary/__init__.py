"""Ostiary: a doorkeeper between MCP hosts and the MCP servers on a person's own machine.

The map, outermost first (a package may import what stands after it, never before):

``__main__``   arguments; picks the tray, the gateway or a command
``app``        composition root of the tray          ``headless``  composition root of the gateway
``cli``        the commands                          ``ui``        everything Qt
``gateway``    the core: sessions, servers, the gate, the log
``control``    the protocol between fronts (tray, commands) and the gateway
``domain``     the vocabulary: values and errors, no input or output
"""

__version__ = "0.1.0"
