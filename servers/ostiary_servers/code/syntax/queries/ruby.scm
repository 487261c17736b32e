(method name: (_) @name) @function
(singleton_method name: (_) @name) @function
(class name: (_) @name) @class
(module name: (_) @name) @module
(assignment left: [(identifier) (constant)] @name right: (lambda)) @function
(assignment left: [(identifier) (constant)] @name
  right: (call !receiver method: (identifier) @_call block: (_)) (#any-of? @_call "lambda" "proc")) @function
(call !receiver method: (identifier) @_call arguments: (argument_list . (string) @import)
  (#any-of? @_call "require" "require_relative" "load"))
(comment) @comment
