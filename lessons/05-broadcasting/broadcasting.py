"""Broadcasting: how tensors of different shapes meet, and where that goes wrong in silence."""

import torch

torch.manual_seed(0)  # the same "random" numbers at every run

# ---- The rule: sizes are compared from the right; each pair is equal, or one of them is 1 ------

table = torch.arange(12.0).reshape(4, 3)  # 4 rows, 3 columns
per_column = torch.tensor([10.0, 20.0, 30.0])  # 3 numbers, one for each column
per_row = torch.tensor([[1.0], [2.0], [3.0], [4.0]])  # 4 rows of one number: shape (4, 1)

with_columns = table + per_column  # (4, 3) + (3,): the same three numbers for every row
with_rows = table + per_row  # (4, 3) + (4, 1): one number for the whole of each row
every_pair = per_row * per_column  # (4, 1) * (3,): each with each, a table of products

batch = torch.rand(8, 3, 32, 32)  # 8 pictures, 3 colours, 32 × 32
tint = torch.tensor([1.0, 0.9, 0.7]).view(3, 1, 1)  # one factor per colour
warmer = batch * tint  # (8, 3, 32, 32) * (3, 1, 1)
together = torch.broadcast_shapes((8, 1, 3), (5, 1))  # asks for the shape, computes nothing
print("together:", tuple(together))

# ---- Making room: a dimension of size 1 at the right place -------------------------------------

row_means = table.mean(dim=1)  # (4,): the dimension is gone, and (4, 3) - (4,) does not fit
kept = table.mean(dim=1, keepdim=True)  # (4, 1): it stays, with size 1 …
balanced = table - kept  # … and every row now averages 0
same = table - row_means.unsqueeze(1)  # the same with the dimension put back afterwards
also = table - row_means[:, None]  # None in an index means a new dimension too

# ---- What goes wrong in silence ----------------------------------------------------------------

square = torch.tensor([[1.0, 3.0], [10.0, 30.0]])
wrong = square - square.mean(dim=1)  # fits only because the matrix is square: see its rows
right = square - square.mean(dim=1, keepdim=True)
print("wrong:", wrong.tolist())
print("right:", right.tolist())

guesses = torch.tensor([[1.0], [2.0], [3.0]])  # (3, 1), as a model's last layer gives them
truths = torch.tensor([1.0, 2.0, 3.0])  # (3,): every guess is exactly right …
differences = guesses - truths  # … but this is (3, 3), each guess against every truth
false_loss = differences.pow(2).mean()  # not 0, and no error
true_loss = (guesses.squeeze(1) - truths).pow(2).mean()  # 0, as it should be

# ---- What it costs -----------------------------------------------------------------------------

row = torch.zeros(1000)
seen_as_matrix = row.expand(1000, 1000)  # what broadcasting does inside: a stride of 0
print("strides: ", seen_as_matrix.stride())  # no number was copied …
full = seen_as_matrix + 1  # … but a result has all its million numbers

# ---- Your turn: replace each ... and watch the shapes ------------------------------------------

grades = torch.rand(5, 5) * 10  # 5 students (rows), 5 exams (columns)

pictures = torch.rand(8, 3, 16, 16)  # 8 pictures, 3 colours, 16 × 16
channel_mean = torch.tensor([0.5, 0.4, 0.3])  # one number per colour
channel_std = torch.tensor([0.2, 0.3, 0.1])

here = torch.rand(4, 2)  # 4 points in the plane
there = torch.rand(6, 2)  # and 6 others

predicted = torch.rand(32, 1)  # what a model answered for 32 examples
actual = torch.rand(32)  # what was right

# 1. Subtract from every grade the mean of its student (its row). Beware: the table is square!
centred = ...

# 2. Subtract from each colour its mean, then divide it by its standard deviation.
normalized = ...

# 3. The distance of each of the 4 points to each of the 6, (4, 6), without a loop if you can.
distances = ...

# 4. The mean squared error, a single number: prediction i belongs to actual value i.
error = ...
