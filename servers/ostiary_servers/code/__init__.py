"""The ``code`` server: where a function is defined, what a file is for, what a project depends on, what changed lately.

It reads repositories in approved folders and runs nothing that lies in them: sources are parsed with tree-sitter in a
process that can be killed, manifests are read as text, and git is run without anything a repository could configure.
"""
