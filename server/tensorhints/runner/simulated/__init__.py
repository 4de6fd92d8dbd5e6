"""The simulated device: a program runs under torch's FakeTensor, without data and without compute.

Every device exists there. Shapes, dtypes and devices are exact; where the program asks for a number
that only computing would give, it gets a guess, and what follows from a guess is marked.
"""
