"""Creating tensors: from data, by their shape, with the right type, and with NumPy."""

import numpy as np
import torch

torch.manual_seed(0)  # the same "random" numbers at every run

# ---- From data: torch.tensor copies, and looks at the numbers to choose the type --------------

counts = torch.tensor([3, 1, 2])  # integers only: int64
prices = torch.tensor([3, 1.5, 2])  # one float is enough for float32
table = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])  # a list of lists: two dimensions

# ---- By shape: say the sizes, and a function fills them ---------------------------------------

empty_page = torch.zeros(2, 3)  # torch.ones and torch.full(…, value) work alike
sevens = torch.full((2, 3), 7)  # an integer fills with integers
dice = torch.randint(1, 7, (10,))  # whole numbers from 1 to 6: the end does not count
normal = torch.randn(1000)  # mean 0, standard deviation 1
spread = normal.std()  # close to 1
like_table = torch.rand_like(table)  # shape, type and device of another tensor

up_to_five = torch.arange(0, 5)  # 0, 1, 2, 3, 4: the end does not count
ruler = torch.linspace(0, 10, 6)  # 0, 2, 4, 6, 8, 10: here it does

# ---- Types: conversions are yours to ask for, promotions happen by themselves -----------------

cut = torch.tensor([1.9, -1.9]).to(torch.int64)  # 1 and -1: the fraction is cut off
halves = counts / 2  # true division always gives floats
mixed = counts * prices  # int64 with float32: float32 wins
overflow = torch.tensor([200], dtype=torch.uint8) + 100  # 300 does not fit in 8 bits
wrapped = overflow[0]  # 300 - 256

# ---- NumPy: share the memory, or copy it ------------------------------------------------------

array = np.array([1.0, 2.0, 3.0])  # NumPy's floats are float64
shared = torch.from_numpy(array)  # the same memory under two names
copied = torch.tensor(array)  # memory of its own
array[0] = 100.0
first_shared = shared[0]  # 100: the tensor saw the change
first_copied = copied[0]  # 1: the copy did not
back = table.numpy()  # the other way round, shared too

# ---- Your turn: replace each ... --------------------------------------------------------------

# 1. `count` moments, evenly spaced from 0 to 1, both included. Any count of 2 or more must work.
count = 5
times = torch.linspace(0, count - 1, count) / (count - 1)

# 2. These grades are whole numbers. A network wants them as float32.
grades = [7, 10, 4]
marks = torch.tensor(grades).to(torch.float32)

# 3. A sensor writes into one and the same array again and again. Keep its first values
#    in a tensor, with their type, before the next ones come.
measured = [20.5, 21.0, 19.5]
readings = np.array(measured)
snapshot = torch.from_numpy(readings.copy())
readings[0] = 99.0  # the next value comes
