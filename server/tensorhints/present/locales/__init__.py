"""One module a language: code to sentence, with the fields of `str.format`."""
