"""From the bytes of one source file to its outline: definitions, imports and the words at its top."""
