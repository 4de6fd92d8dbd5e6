"""Runs a lesson's checks on the objects that the learner's program left."""
