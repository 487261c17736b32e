(class_declaration name: (_) @name) @class
(protocol_declaration name: (_) @name) @interface
(function_declaration name: (_) @name) @function
(protocol_function_declaration name: (_) @name) @function
(init_declaration "init" @name) @method
(typealias_declaration . name: (type_identifier) @name) @type
(property_declaration name: (pattern (simple_identifier) @name) value: (lambda_literal)) @function
(import_declaration) @import
(comment) @comment
(multiline_comment) @comment
