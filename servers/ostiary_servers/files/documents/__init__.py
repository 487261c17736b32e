"""Documents turned into Markdown, each in a process of its own that has a memory limit and can be ended.

``extraction`` starts that process and ``program`` is what runs in it; one module for each family of formats does the
work and knows nothing of files, processes or MCP: bytes come in, ``Extract`` goes out.
"""
