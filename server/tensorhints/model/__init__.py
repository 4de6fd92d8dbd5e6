"""The values that the server and the run share, and their wire form.

Standard library only, Python 3.9 and later: half of it is loaded into the user's own interpreter.
"""
