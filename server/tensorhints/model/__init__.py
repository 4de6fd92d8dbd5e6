"""The values that the server and the runner exchange, and their wire format.

Standard library only, and Python 3.9 and later: the runner loads this package into the user's
interpreter.
"""
