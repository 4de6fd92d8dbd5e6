"""What one learner does with the course: which lesson is meant, what is solved, what is next.

Answers in plain values, without LSP types. Uses `course` for the lessons and `session` for open
documents and verdicts; `lsp` converts the answers.
"""
