"""The course: lessons as written, the learner's progress, and what an author got wrong.

Imports `model` alone. Knows neither runs nor editors nor any sentence for the user: it returns data
and the texts that the lessons themselves contain.
"""
