"""What dev.py is made of: the project's environment, the system's packages, a desktop for tests, and the commands."""
