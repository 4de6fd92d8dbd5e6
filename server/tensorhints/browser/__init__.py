"""The lesson page and the tensor inspector in a web browser, for editors that show no web pages.

Knows HTTP, sockets and the shapes of messages; what a message means is for `lsp`.
"""
