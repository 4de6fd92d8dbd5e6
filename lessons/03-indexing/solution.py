"""Indexing: taking a tensor apart by positions, slices, masks and other tensors."""

import torch

torch.manual_seed(0)  # the same "random" numbers at every run

# ---- Positions and slices: an integer removes a dimension, a slice keeps it -------------------

table = torch.arange(12).reshape(3, 4)  # rows: [0 1 2 3], [4 5 6 7], [8 9 10 11]
cell = table[1, 2]  # row 1, column 2: counting begins at 0
last_row = table[-1]  # -1 counts from the end
column = table[:, 1]  # every row, column 1: one dimension is left
thin = table[:, 1:2]  # the same numbers, but a matrix still
corner = table[:2, 2:]  # rows 0 and 1, columns 2 and 3
every_other = table[:, ::2]  # steps of two
flipped = table.flip(0)  # a step may not be negative: flip does that work

# ---- Ellipsis and None: dimensions that are not named, dimensions that are new ----------------

images = torch.rand(4, 3, 32, 32)  # a batch of 4 colour images
red = images[:, 0]  # the first channel of each
left_half = images[..., :16]  # ... stands for all the dimensions in front
lone_image = images[0][None]  # None inserts a dimension of size 1

# ---- Views: a slice shows the same memory -----------------------------------------------------

board = torch.zeros(3, 3)
top = board[0]  # a view of the first row
top[1] = 5.0  # … so the board changes too
seen = board[0, 1]
apart = board[0].clone()  # a copy, with memory of its own
apart[1] = 9.0
unchanged = board[0, 1]

# ---- Masks: a tensor of true and false chooses ------------------------------------------------

heights = torch.tensor([1.62, 1.75, 1.58, 1.91])
tall = heights > 1.7  # one answer for each element
chosen = heights[tall]  # as many elements as there are trues
how_many = tall.sum()  # true counts as 1
middle = heights[(heights > 1.6) & (heights < 1.8)]  # & and |, with parentheses
capped = torch.where(tall, 1.7, heights)  # chooses element by element; the shape stays

# ---- Index tensors: any positions, in any order -----------------------------------------------

order = torch.tensor([2, 0, 0])
rows = table[order]  # rows 2, 0 and 0 again
pairs = table[torch.tensor([0, 2]), torch.tensor([1, 3])]  # elements (0, 1) and (2, 3)

# ---- Your turn: replace each ... --------------------------------------------------------------

# 1. The red channel (number 0) of every photo, rows 2 to 5 and columns 2 to 5, both included.
#    Keep all four dimensions: (4, 1, 4, 4).
photos = torch.rand(4, 3, 8, 8)
centre = photos[:, :1, 2:6, 2:6]

# 2. A broken sensor says -999. Make a tensor in which every negative number is 0.
#    Leave `readings` as it is; any numbers must work.
raw = [21.5, -999.0, 20.0, -999.0, 22.5]
readings = torch.tensor(raw)
cleaned = torch.where(readings < 0, 0.0, readings)

# 3. Each row of `logits` has a score for every class; `labels` has the right class of each row.
#    Pick the score of the right class from every row: four numbers.
logits = torch.rand(4, 3)
labels = torch.tensor([2, 0, 1, 1])
picked = logits[torch.arange(len(labels)), labels]
