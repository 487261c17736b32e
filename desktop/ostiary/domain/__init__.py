"""The vocabulary: frozen values, enums and errors that every part shares. No input or output."""
