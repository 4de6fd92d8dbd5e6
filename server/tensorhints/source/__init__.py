"""Static analysis by jedi, which reads sources and never runs them.

Knows neither runs nor LSP nor any sentence for the user. jedi works in a process of its own, so
that slow analysis never blocks the server.
"""
