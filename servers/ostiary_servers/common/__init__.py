"""What every bundled server stands on.

::

    tool_server       tools as values, joined to the SDK
    threads           work that may hang, each with its time
    stdio             over stdin and stdout
    http, token       over HTTP: loopback only, and only with the token
    answer            what an operation gives
    errors, os_errors the codes a failed call answers with, and how the system's refusals become them
    roots             which folders may be reached
    path_names        what may stand in a path at all
    path_gate         the decision about one path
    anchored          opening, listing and replacing below a root, so that a swapped link cannot win
    descent           listing a whole tree in that way
    relocate, trash   moving, copying and trashing, so that nothing is ever replaced or lost
    cloud             files whose content is elsewhere
    text_file         encodings and line endings
    budget            how large an answer may be, and the cursors that continue it
    plan, diff        what a write will do, before it does it
    writes            what becomes of a write when nobody but the client can ask
    confirming        asking before a write: the form in ``question``, what waits in ``tickets``
    journal           what was changed, and how to take it back
    glob, gitignore   name patterns, and what .gitignore hides by them
    sensitive         names of files that likely hold secrets
    file_uri          file:// addresses
    wire, display     the shapes of arguments and answers; names as they can be shown
    visible           what hides in a text, named
"""
