"""The course: lessons as they are written, what a learner has done, and what an author got wrong.

Stands on the model alone. Knows no run, no editor and no words of ours: it answers with data, and
with the words that the lessons themselves hold.
"""
