"""What the tools do: functions from arguments to an answer. They know the path gate and files, and nothing of MCP."""
