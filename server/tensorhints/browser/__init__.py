"""The lesson page and the tensor inspector in a web browser, for editors without web views.

Knows HTTP, WebSockets and the shapes of messages; `lsp` knows what a message means.
"""
