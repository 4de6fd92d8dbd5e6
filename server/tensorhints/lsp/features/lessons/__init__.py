"""Requests and commands about lessons."""
