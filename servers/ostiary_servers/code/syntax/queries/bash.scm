(function_definition name: (_) @name) @function
(command name: (command_name (word) @_call) . argument: (_) @import (#any-of? @_call "source" "."))
(comment) @comment
