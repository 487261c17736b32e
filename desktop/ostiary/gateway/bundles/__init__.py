"""Servers in one file (``.mcpb``): read, unpacked into a folder of ours, and one of our own made for Claude Desktop."""
