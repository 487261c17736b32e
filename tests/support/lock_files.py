"""One small project as the lock file of every format."""

UV = """
version = 1
[[package]]
name = "app"
version = "0.1"
source = { editable = "." }
dependencies = [{ name = "Web-Kit", extra = ["fast"] }]
[package.optional-dependencies]
cli = [{ name = "click" }]
[package.dev-dependencies]
dev = [{ name = "pytest" }]
[package.metadata]
requires-dist = [{ name = "web-kit", extras = ["fast"], specifier = ">=1" }]
[[package]]
name = "web-kit"
version = "1.2"
source = { registry = "https://example.org/simple" }
dependencies = [{ name = "idna", version = "3.0", source = { registry = "https://example.org/simple" } }]
[package.optional-dependencies]
fast = [{ name = "speedups" }]
slow = [{ name = "never" }]
[[package]]
name = "idna"
version = "3.0"
source = { registry = "https://example.org/simple" }
[[package]]
name = "idna"
version = "2.0"
source = { registry = "https://example.org/simple" }
[[package]]
name = "speedups"
version = "1"
source = { registry = "https://example.org/simple" }
[[package]]
name = "never"
version = "1"
source = { registry = "https://example.org/simple" }
[[package]]
name = "click"
version = "8"
source = { registry = "https://example.org/simple" }
[[package]]
name = "pytest"
version = "9"
source = { registry = "https://example.org/simple" }
dependencies = [{ name = "idna", version = "2.0", source = { registry = "https://example.org/simple" } }]
"""

POETRY = """
[[package]]
name = "web_kit"
version = "1.2"
[package.dependencies]
idna = ">=2"
speedups = {version = "*", optional = true}
other = [{version = "1", markers = "x"}, {version = "2", markers = "y"}]
[package.extras]
fast = ["speedups (>=1)"]
[[package]]
name = "asks"
version = "1"
[package.dependencies]
web-kit = {version = ">=1", extras = ["fast"]}
[[package]]
name = "idna"
version = "3.0"
[[package]]
name = "speedups"
version = "1"
"""

PDM = """
[[package]]
name = "web-kit"
version = "1.2"
dependencies = ["idna>=2; python_version > '3'"]
[[package]]
name = "web-kit"
version = "1.2"
extras = ["fast"]
dependencies = ["speedups", "web-kit==1.2"]
[[package]]
name = "idna"
version = "3.0"
[[package]]
name = "speedups"
version = "1"
"""

PYLOCK = """
lock-version = "1.0"
[[packages]]
name = "web-kit"
version = "1.2"
dependencies = [{ name = "idna" }]
[[packages]]
name = "idna"
version = "3.0"
"""

PACKAGE_LOCK_3 = """{"name": "app", "lockfileVersion": 3, "packages": {
 "": {"name": "app", "dependencies": {"a": "^1.0.0", "al": "npm:real@^2.0.0", "w": "*"},
 "devDependencies": {"d": "1"}},
 "node_modules/a": {"version": "1.0.0", "dependencies": {"b": "^1.0.0"}, "optionalDependencies": {"gone": "1"}},
 "node_modules/a/node_modules/b": {"version": "1.5.0"}, "node_modules/b": {"version": "2.0.0"},
 "node_modules/al": {"name": "real", "version": "2.1.0", "peerDependencies": {"missing": "1"}},
 "node_modules/d": {"version": "1.0.0", "dependencies": {"b": "2"}},
 "node_modules/w": {"resolved": "packages/w", "link": true},
 "packages/w": {"name": "w", "dependencies": {"b": "2"}}}}"""

PACKAGE_LOCK_1 = """{"name": "app", "lockfileVersion": 1, "dependencies": {
 "a": {"version": "1.0.0", "requires": {"b": "^1.0.0"}, "dependencies": {"b": {"version": "1.5.0"}}},
 "b": {"version": "2.0.0"}, "al": {"version": "npm:real@2.1.0", "requires": {"b": "2"}}}}"""

YARN_1 = """# yarn lockfile v1


a@^1.0.0, a@^1.0.1:
  version "1.0.1"
  resolved "https://x/a.tgz#1"
  integrity sha512-x==
  dependencies:
    "@s/b" "^2.0.0 || 3"

"@s/b@^2.0.0 || 3":
  version "2.0.0"

"al@npm:real@^2.0.0":
  version "2.1.0"
"""

YARN_BERRY = """
__metadata:
  version: 6
"a@npm:^1.0.0":
  version: 1.0.1
  resolution: "a@npm:1.0.1"
  dependencies:
    "@s/b": ^2.0.0
"@s/b@npm:^2.0.0":
  version: 2.0.0
  resolution: "@s/b@npm:2.0.0"
"al@npm:real@^2.0.0":
  version: 2.1.0
  resolution: "real@npm:2.1.0"
"app@workspace:.":
  version: 0.0.0-use.local
  resolution: "app@workspace:."
  dependencies:
    a: ^1.0.0
    al: "npm:real@^2.0.0"
"""

PNPM_9 = """
lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      a: {specifier: ^1.0.0, version: 1.0.1(p@1.0.0)}
      al: {specifier: npm:real@^2.0.0, version: real@2.1.0}
      w: {specifier: workspace:*, version: link:packages/w}
  packages/w:
    devDependencies:
      '@s/b': {specifier: ^2.0.0, version: 2.0.0}
packages:
  a@1.0.1: {}
snapshots:
  a@1.0.1(p@1.0.0):
    dependencies: {'@s/b': 2.0.0}
  '@s/b@2.0.0': {}
  real@2.1.0: {}
"""

PNPM_6 = """
lockfileVersion: '6.0'
dependencies:
  a: {specifier: ^1.0.0, version: 1.0.1(p@1.0.0)}
packages:
  /a@1.0.1(p@1.0.0):
    dependencies: {'@s/b': 2.0.0}
  /@s/b@2.0.0: {}
"""

PNPM_5 = """
lockfileVersion: 5.4
specifiers: {a: ^1.0.0}
dependencies: {a: 1.0.1_p@1.0.0}
packages:
  /a/1.0.1_p@1.0.0:
    dependencies: {'@s/b': 2.0.0}
  /@s/b/2.0.0: {}
"""

BUN = """{
  "lockfileVersion": 1,
  "workspaces": {"": {"name": "app", "dependencies": {"a": "^1.0.0",}, }, },
  "packages": {
    "a": ["a@1.0.1", "", {"dependencies": {"@s/b": "^2.0.0", "c": "1"}}, "sha512-x"],
    "@s/b": ["@s/b@3.0.0", "", {}, "sha512-x"],
    "a/@s/b": ["@s/b@2.0.0", "", {"dependencies": {"c": "1"}}, "sha512-//,}"],
    "c": ["c@1.0.0", "", {}, "x"], // end
  }
}"""

CARGO = """
version = 4
[[package]]
name = "app"
version = "0.1.0"
dependencies = ["a", "b 2.0.0", "b 1.0.0 (registry+x)"]
[[package]]
name = "a"
version = "1.0.0"
source = "registry+x"
dependencies = ["b 2.0.0"]
[[package]]
name = "b"
version = "1.0.0"
source = "registry+x"
[[package]]
name = "b"
version = "2.0.0"
source = "registry+x"
"""
