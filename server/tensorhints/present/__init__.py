"""Texts for the user, as plain values: labels, tooltips, explanations, titles, rows, sentences.

Knows the model and the texts of every language; knows neither LSP nor asyncio nor torch.
"""
