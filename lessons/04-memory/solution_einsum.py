"""Shape and memory: one row of numbers, and the many shapes in which it can be read."""

import torch

torch.manual_seed(0)  # the same "random" numbers at every run

# ---- One row of numbers, and a recipe for reading it -------------------------------------------

numbers = torch.arange(12)  # twelve numbers, one after the other in memory
grid = numbers.view(3, 4)  # the same twelve, read as 3 rows of 4
print("grid.stride():   ", grid.stride())  # one row down skips 4 numbers, one column right 1

element = grid[2, 1]  # row 2, column 1 …
by_hand = numbers[2 * 4 + 1 * 1]  # … is number 9 of the row: 2 steps of 4, and 1 step of 1

every_other = grid[::2]  # rows 0 and 2: a step of 8 instead of 4, and nothing copied
second_column = grid[:, 1]  # starts at number 1, and takes steps of 4
print("second column:   ", second_column.stride(), second_column.storage_offset())

# ---- reshape and view: the same order, other sizes ---------------------------------------------

pairs = numbers.reshape(-1, 2)  # -1: "work it out yourself", here 12 / 2 = 6
cube = numbers.reshape(2, 3, 2)
upright = numbers.unsqueeze(1)  # a new dimension of size 1
flat = cube.flatten()  # back to one row

# ---- permute: other steps, hence another order -------------------------------------------------

photo = torch.rand(4, 6, 3)  # height, width, colour: how image files store a picture
channels_first = photo.permute(2, 0, 1)  # colour, height, width: how PyTorch's layers want it
scrambled = photo.reshape(3, 4, 6)  # the same shape - but no longer the same picture
same_picture = torch.equal(channels_first, scrambled)
print("same picture?    ", same_picture)

print("is_contiguous(): ", channels_first.is_contiguous())  # its order is not that of the memory
one_row = channels_first.reshape(-1)  # so that this has to copy; view(-1) would refuse

# ---- Who shares memory with whom ---------------------------------------------------------------

top = grid[0]  # a view: the first four of the twelve numbers
copy = grid[0].clone()  # four numbers of its own
top[0] = 100  # written through the view …
seen_in_numbers = numbers[0]  # … and seen by every tensor that reads this memory
seen_in_copy = copy[0]  # except the copy

wide = torch.zeros(1000).expand(1000, 1000)  # a step of 0: one row, read a thousand times
bytes_of_wide = wide.untyped_storage().nbytes()
print("bytes of wide:   ", bytes_of_wide)  # and not 4 000 000

# ---- Your turn: replace each ... and watch the shapes ------------------------------------------

photos = torch.rand(8, 4, 6, 3)  # 8 photos: height 4, width 6, 3 colours (red, green, blue)
signal = torch.arange(10.0)  # ten measurements, one after the other

# 1. Bring the colours to second place: (8, 3, 4, 6), without mixing up a single pixel.
planes = torch.einsum("nhwc->nchw", photos)

# 2. One row per photo, (8, 72): first all of its red, then all of its green, then all of its blue.
rows = torch.cat([photos[..., colour].reshape(8, 24) for colour in range(3)], dim=1)

# 3. The red of every photo, (8, 4, 6), as a view: what is written into red must show in photos.
red = photos.permute(0, 3, 1, 2)[:, 0]

# 4. Overlapping windows of 4 measurements, each starting 2 after the one before: (4, 4).
windows = torch.cat([signal[:-2].view(4, 2), signal[2:].view(4, 2)], dim=1)
