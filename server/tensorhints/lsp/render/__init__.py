"""Pure functions from session and study values to LSP types and this server's own messages.

Used by the handlers in `features` (pull) and by the notifier (push).
"""
