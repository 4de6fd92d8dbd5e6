"""Requests that jedi answers: completion, signatures, definitions, references, outline, rename."""
