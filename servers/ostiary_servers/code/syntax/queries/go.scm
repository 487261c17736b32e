(function_declaration name: (identifier) @name) @function
(method_declaration
  receiver: (parameter_list (parameter_declaration type: (_) @owner))
  name: (field_identifier) @name) @method
(method_elem name: (field_identifier) @name) @method
(type_spec name: (type_identifier) @name type: (struct_type)) @struct
(type_spec name: (type_identifier) @name type: (interface_type)) @interface
(type_spec name: (type_identifier) @name) @type
(type_alias name: (type_identifier) @name) @type
(var_spec name: (identifier) @name value: (expression_list . (func_literal))) @function
(short_var_declaration left: (expression_list . (identifier) @name .) right: (expression_list . (func_literal))) @function
(import_spec path: (_) @import)
(comment) @comment
