(function_declaration name: (_) @name) @function
(generator_function_declaration name: (_) @name) @function
(class_declaration name: (_) @name) @class
(method_definition name: (_) @name) @method
(variable_declarator name: (identifier) @name value: [(arrow_function) (function_expression) (generator_function)]) @function
(variable_declarator name: (identifier) @name value: (class)) @class
(assignment_expression left: (identifier) @name right: [(arrow_function) (function_expression) (generator_function)]) @function
(assignment_expression
  left: (member_expression object: (_) @owner property: (_) @name)
  right: [(arrow_function) (function_expression) (generator_function)]) @function
(variable_declarator name: (identifier) @_call
  value: (function_expression name: (identifier) @name) @function (#not-eq? @_call @name))
(assignment_expression left: (identifier) @_call
  right: (function_expression name: (identifier) @name) @function (#not-eq? @_call @name))
(return_statement (function_expression name: (identifier) @name) @function)
(arguments (function_expression name: (identifier) @name) @function)
(parenthesized_expression (function_expression name: (identifier) @name) @function)
(pair key: (_) @name value: [(arrow_function) (function_expression) (generator_function)]) @function
(import_statement source: (string) @import)
(export_statement source: (string) @import)
(call_expression function: (identifier) @_call arguments: (arguments . (string) @import) (#eq? @_call "require"))
(call_expression function: (import) arguments: (arguments . (string) @import))
(comment) @comment
