"""The language server: the only room that knows LSP. It converts, and asks the other rooms."""
