"""Looking into files: ``engine`` finds where a text is, ``excerpt`` shows it, ``fallback`` stands in for ripgrep."""
