(function_item name: (_) @name) @function
(function_signature_item name: (_) @name) @function
(struct_item name: (_) @name) @struct
(union_item name: (_) @name) @struct
(enum_item name: (_) @name) @enum
(trait_item name: (_) @name) @trait
(type_item name: (_) @name) @type
(mod_item name: (_) @name body: (_)) @module
(mod_item !body) @import
(impl_item type: (_) @name) @scope
(macro_definition name: (_) @name) @macro
(let_declaration pattern: (identifier) @name value: (closure_expression)) @function
(use_declaration) @import
(extern_crate_declaration) @import
(line_comment) @comment
(block_comment) @comment
(attribute_item) @comment
