"""Creating tensors: factories, dtypes, and the way to NumPy and back."""

import numpy as np
import torch

torch.manual_seed(0)  # the same "random" numbers at every run

# ---- Factories: a tensor from a shape or from numbers ------------------------------------------

zeros = torch.zeros(2, 3)  # the shape is what you say, the dtype is float32
sevens = torch.full((2, 3), 7.0)  # one number everywhere
identity = torch.eye(3)  # ones on the diagonal
counted = torch.arange(2, 10, 2)  # from 2 in steps of 2; the end, 10, is left out
spread = torch.linspace(0, 1, 5)  # five numbers; the end, 1, is one of them
noise = torch.randn(2, 3)  # from the normal distribution

table = torch.tensor([[1, 2], [3, 4]])  # from numbers: integers make int64 …
mixed = torch.tensor([1, 2.5])  # … and a single float makes float32

mask = torch.zeros_like(table)  # shape, dtype and device of table
start = torch.rand_like(table, dtype=torch.float32)  # as table, but for the dtype

# ---- Dtypes: how many bytes, and what fits in them ---------------------------------------------

half = noise.to(torch.float16)  # 2 bytes a number in place of 4
whole = torch.tensor([2.7, -2.7]).to(torch.int64)  # towards zero, without a word
pixel = torch.tensor([200], dtype=torch.uint8)  # 0 to 255
brighter = pixel + 100  # 300 does not fit: it wraps around
print("brighter:", brighter)

# ---- Promotion: two dtypes meet ----------------------------------------------------------------

scaled = table * 0.5  # integers and a float: float32
divided = table / 2  # / always gives floats
floored = table // 2  # // keeps the integers
wider = torch.ones(2) + torch.ones(2, dtype=torch.float64)  # the wider one wins
kept = torch.ones(2) + torch.tensor(1.0, dtype=torch.float64)  # a single number does not widen
ticked = (table > 1).sum()  # True counts as 1: an int64

# ---- NumPy: the same memory, or a copy ---------------------------------------------------------

array = np.zeros(3)  # NumPy's floats are float64
window = torch.from_numpy(array)  # a tensor that looks at array's own memory
copied = torch.tensor(array)  # numbers of its own
array[0] = 7
print("window:", window)
print("copied:", copied)

# ---- Your turn: replace each ... and watch the dtypes ------------------------------------------

# 1. The numbers 0 to 11, row by row, in shape (3, 4) and dtype float64.
grid = torch.arange(12, dtype=torch.float64).reshape(3, 4)

# 2. The average of each film: one row of stars per film. Shape (4,), dtype float32.
stars = torch.tensor([[5, 4, 4, 5, 3], [2, 1, 3, 2, 2], [4, 4, 5, 3, 5], [1, 5, 1, 5, 2]])
averages = stars.float().mean(dim=1)

# 3. The readings as a tensor of float32 that does not share their memory.
readings = np.array([[20.5, 21.0, 19.5], [18.0, 22.5, 20.0]], dtype=np.float32)
inputs = torch.tensor(readings, dtype=torch.float32)
