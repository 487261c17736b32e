(function_definition name: (identifier) @name) @function
(class_definition name: (identifier) @name) @class
(assignment left: (identifier) @name right: (lambda)) @function
(import_statement) @import
(import_from_statement) @import
(future_import_statement) @import
(comment) @comment
