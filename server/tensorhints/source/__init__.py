"""What a text alone says of itself: asked of jedi, which reads sources and runs none of them.

Knows no run, no words and no LSP. jedi works in a process of its own, so that nothing waits for it.
"""
