"""Names that MCP gives its methods, versions and ``_meta`` keys. One place, both generations."""

from __future__ import annotations

MODERN = "2026-07-28"
LEGACY = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")
"""Handshake versions, newest first."""

PROTOCOL_VERSION_KEY = "io.modelcontextprotocol/protocolVersion"
CLIENT_INFO_KEY = "io.modelcontextprotocol/clientInfo"
CLIENT_CAPABILITIES_KEY = "io.modelcontextprotocol/clientCapabilities"
LOG_LEVEL_KEY = "io.modelcontextprotocol/logLevel"
SERVER_INFO_KEY = "io.modelcontextprotocol/serverInfo"
SUBSCRIPTION_ID_KEY = "io.modelcontextprotocol/subscriptionId"
ENVELOPE_KEYS = (PROTOCOL_VERSION_KEY, CLIENT_INFO_KEY, CLIENT_CAPABILITIES_KEY, LOG_LEVEL_KEY)

OUR_PREFIX = "ostiary/"
"""``_meta`` keys between the gateway and bundled servers; stripped from what hosts send."""

UNSUPPORTED_VERSION = -32022
MISSING_CAPABILITY = -32021
URL_ELICITATION_REQUIRED = -32042
"""2025-11-25 only: the person has to visit a page before the call can work."""

ELICITATION_SINCE = "2025-06-18"
URL_ELICITATION_SINCE = "2025-11-25"
RESOURCE_NOT_FOUND = -32002
"""Until 2025-11-25; 2026-07-28 says -32602."""

INITIALIZE = "initialize"
INITIALIZED = "notifications/initialized"
DISCOVER = "server/discover"
PING = "ping"
CALL_TOOL = "tools/call"
READ_RESOURCE = "resources/read"
GET_PROMPT = "prompts/get"
COMPLETE = "completion/complete"
SUBSCRIBE = "resources/subscribe"
UNSUBSCRIBE = "resources/unsubscribe"
LISTEN = "subscriptions/listen"
CANCELLED = "notifications/cancelled"
PROGRESS = "notifications/progress"
ACKNOWLEDGED = "notifications/subscriptions/acknowledged"
RESOURCE_UPDATED = "notifications/resources/updated"
LOG_MESSAGE = "notifications/message"
ROOTS_CHANGED = "notifications/roots/list_changed"
SET_LEVEL = "logging/setLevel"
ELICITATION_COMPLETE = "notifications/elicitation/complete"

LISTS = {
    "tools/list": "tools",
    "resources/list": "resources",
    "resources/templates/list": "resourceTemplates",
    "prompts/list": "prompts",
}
"""List methods and the member of their result."""

LIST_CHANGED = {
    "notifications/tools/list_changed": "toolsListChanged",
    "notifications/resources/list_changed": "resourcesListChanged",
    "notifications/prompts/list_changed": "promptsListChanged",
}
"""Notifications and the member of a listen filter that asks for them."""
