"""``search_for_function_definition``."""
