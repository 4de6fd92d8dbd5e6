"""The language server: the only package that knows LSP.

It converts between LSP and the session's values, and decides nothing about runs or lessons.
"""
