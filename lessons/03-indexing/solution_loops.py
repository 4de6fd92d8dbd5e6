"""Indexing: how to get at a part of a tensor by places, slices, masks and lists of places."""

import torch

torch.manual_seed(0)  # the same "random" numbers at every run

# ---- A number takes a place, a slice takes a stretch -------------------------------------------

table = torch.arange(24).reshape(4, 6)  # 4 rows of 6: the numbers from 0 to 23
row = table[1]  # a number picks one place, and its dimension is gone: (6,)
number = table[1, 2]  # two numbers: no dimension is left
last_column = table[:, -1]  # ":" takes all, -1 counts from the end
block = table[1:3, 2:5]  # slices keep their dimensions; the end is not included
column = table[:, 2]  # (4,): a row of numbers …
upright = table[:, 2:3]  # … and (4, 1): still a column
every_other = table[::2]  # each second row
cut_short = table[2:99]  # a slice may reach too far; table[99] may not

pixels = torch.rand(8, 3, 6, 10)
left_edge = pixels[..., 0]  # "...": as many ":" as are missing
one_more = row[None]  # None: a new dimension of size 1

# ---- Masks: a question to every number ---------------------------------------------------------

prices = torch.tensor([3.0, 12.0, 7.5, 20.0, 9.0])
is_cheap = prices < 10  # five answers, dtype bool
cheap = prices[is_cheap]  # the numbers whose answer is True
how_many = is_cheap.sum()  # True counts as 1
middling = (prices > 5) & (prices < 15)  # & is "and", | is "or", ~ is "not"
not_cheap = prices[~is_cheap]
large_rows = table[table.sum(dim=1) > 50]  # one answer per row chooses whole rows
capped = torch.where(prices > 10, 10.0, prices)  # chooses between two, keeps the shape

# ---- Writing into a part -----------------------------------------------------------------------

board = torch.zeros(3, 4)
board[0] = 1  # a whole row
board[:, -1] = torch.tensor([7.0, 8.0, 9.0])  # a column, number by number
middle = board[1]  # a slice or a place is a view …
middle[0] = 5  # … so that this writes into board
board[board > 7] = 0  # a mask chooses where to write
picked_out = board[board == 7]  # but what a mask gives you is a copy …
picked_out[0] = -1  # … and board does not notice
print("board:", board.tolist())

# ---- Lists of places ---------------------------------------------------------------------------

chosen_rows = table[[3, 0, 0]]  # in any order, and as often as you like
two_numbers = table[[0, 2], [1, 3]]  # two lists run together: (0, 1) and (2, 3)
places = torch.tensor([1, 0, 5, 2])  # a place for each of the 4 rows
one_per_row = table[torch.arange(4), places]  # (0, 1), (1, 0), (2, 5), (3, 2)
gathered = table.gather(1, places.unsqueeze(1))  # the same, standing upright: (4, 1)
print("one per row:", one_per_row.tolist())

# ---- Your turn: replace each ... and watch the shapes ------------------------------------------

photos = torch.rand(8, 3, 6, 10)  # 8 photos, 3 colours, 6 rows of 10 pixels

temperatures = torch.tensor(  # 4 days, measured at 6 hours
    [
        [11.0, 14.0, 18.0, 21.0, 19.0, 16.0],
        [13.0, 17.0, 24.0, 29.0, 25.0, 18.0],
        [16.0, 20.0, 26.0, 31.0, 27.0, 22.0],
        [10.0, 12.0, 13.0, 15.0, 14.0, 11.0],
    ]
)

scores = torch.rand(6, 4)  # 6 questions, a score for each of 4 answers
answers = torch.tensor([2, 0, 3, 1, 1, 0])  # which answer each question got

# 1. Of the photo at place 2: all colours, rows 1 to 4, columns 3 to 7. (1, 3, 4, 5)
patch = photos[2, :, 1:-1, 3:-2].unsqueeze(0)

# 2. All temperatures of at least 18 and below 25, in one row; and how many there are each day. (4,)
mild = torch.tensor([t for t in temperatures.flatten().tolist() if 18 <= t < 25])
mild_hours = torch.stack([((day >= 18) & (day < 25)).sum() for day in temperatures])

# 3. For each of the 6 questions, the score of the answer that it got. (6,)
chosen = torch.stack([row[answer] for row, answer in zip(scores, answers)])
