"""What every bundled server stands on.

::

    tool_server       tools as values, joined to the SDK and run over stdio
    errors            the codes a failed call answers with
    roots, path_gate  which folders may be reached, and the decision about one path
    anchored          opening, listing and replacing below a root, so that a swapped link cannot win
    text_file         encodings and line endings
    budget            how large an answer may be, and the cursors that continue it
    plan, diff        what a write will do, before it does it
    wire, file_uri    the shapes of arguments and answers; file:// addresses
"""
