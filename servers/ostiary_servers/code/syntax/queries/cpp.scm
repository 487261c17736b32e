(function_definition declarator: (_) @declarator) @function
(class_specifier name: (_) @name body: (_)) @class
(struct_specifier name: (_) @name body: (_)) @struct
(union_specifier name: (_) @name body: (_)) @struct
(enum_specifier name: (_) @name body: (_)) @enum
(namespace_definition name: (_) @name) @module
(alias_declaration name: (_) @name) @type
(type_definition declarator: (type_identifier) @name) @type
(concept_definition name: (_) @name) @type
(preproc_function_def name: (_) @name) @macro
(init_declarator declarator: (identifier) @name value: (lambda_expression)) @function
(preproc_include path: (_) @import)
(comment) @comment
