"""One learner's way through the course: the selected lesson, what is solved, what is next.

Answers in plain values, without LSP types. Uses `course` for the lessons and `session` for open
documents and verdicts; `lsp` converts the answers.
"""
