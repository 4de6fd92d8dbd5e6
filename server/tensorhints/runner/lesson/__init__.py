"""Runs a lesson's checks on the objects that the learner's program left.

`checks` is the entry. `declared` reads the checks file, `judge` applies one check to the program,
`rerun` executes the learner's code on other values for it, and `isolation` limits the damage that a
check can do. `expectations` is the API that checks are written with.
"""
