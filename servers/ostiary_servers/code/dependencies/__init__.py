"""``analyze_dependency_tree``: one module for each format, and what is derived from all of them."""
