(function_declaration name: (_) @name) @function
(class_declaration name: (_) @name) @class
(object_declaration name: (_) @name) @class
(type_alias type: (_) @name) @type
(property_declaration (variable_declaration (identifier) @name) (lambda_literal)) @function
(import) @import
(line_comment) @comment
(block_comment) @comment
