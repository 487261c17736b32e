"""Three tools in place of many, for hosts that take few: find one, read its definition, call it.

``ranking`` scores texts, ``index`` knows the tools of one list, ``own_tools`` are the three as hosts see them, and
``answers`` is what the first two say and which call the third one stands for. All of it is pure over a list of tools
as a host would see it, so whatever the host may not see cannot be found either. The call itself goes the way of every
call: this package never makes one.
"""
