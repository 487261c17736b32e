"""Files that stand for the folder they lie in. Pure."""

_NAMES = {
    *("__init__.py", "__init__.pyi", "init.lua", "mod.rs", "lib.rs", "main.rs", "index"),
    *(f"index.{suffix}" for suffix in ("js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts")),
}


def stands_for_folder(name: str) -> bool:
    """Whether ``import folder`` means the file of this name in it."""
    return name in _NAMES
