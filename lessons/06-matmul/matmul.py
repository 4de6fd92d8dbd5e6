"""Products of matrices: @, batches of them, and einsum, which names every dimension."""

import torch

torch.manual_seed(0)  # the same "random" numbers at every run

# ---- A product is many dot products: each row with each column ---------------------------------

a = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])  # (2, 3)
b = torch.tensor([[1.0, 0.0], [0.0, 1.0], [2.0, 2.0]])  # (3, 2)
product = a @ b  # (2, 3) @ (3, 2): the 3 in the middle disappears
corner = (a[0] * b[:, 0]).sum()  # row 0 with column 0: 1·1 + 2·0 + 3·2
print("product:", product.tolist())

elementwise = a * a  # * multiplies number by number: equal (or broadcast) shapes, no sum
dot = a[0] @ a[1]  # two vectors: one number
times_vector = a @ torch.ones(3)  # (2, 3) @ (3,): a vector of 2
vector_times = torch.ones(2) @ a  # (2,) @ (2, 3): a vector of 3
gram = a @ a.T  # each row with each row: .T makes the inner sizes agree

# ---- A whole batch at once ---------------------------------------------------------------------

batch = torch.rand(8, 5, 4)  # 8 matrices of 5 × 4
one_for_all = batch @ torch.rand(4, 3)  # the same 4 × 3 matrix for each of the 8
one_each = batch @ torch.rand(8, 4, 3)  # a matrix of its own for each
strict = torch.bmm(batch, torch.rand(8, 4, 3))  # bmm: the same, but it broadcasts nothing
turned = batch.mT  # (8, 4, 5): transposes each matrix, leaves the batch alone
every_pair = torch.rand(10, 1, 5, 4) @ torch.rand(3, 4, 2)  # batch sizes (10, 1) and (3,) broadcast

vectors = torch.rand(8, 4)  # one vector for each of the 8 matrices …
as_columns = batch @ vectors.unsqueeze(-1)  # … must become a batch of columns: (8, 4, 1)
vector_each = as_columns.squeeze(-1)  # and back to one vector per matrix

# ---- einsum: a letter for each dimension -------------------------------------------------------

same_product = torch.einsum("ij,jk->ik", a, b)  # j is only on the left of ->, so it is summed
row_dots = torch.einsum("ij,ij->i", a, a)  # row by row, no table of pairs
outer = torch.einsum("i,j->ij", a[0], a[1])  # nothing is summed: every product
columns = torch.einsum("ij->j", a)  # one operand: a sum over i
per_matrix = torch.einsum("nij,nj->ni", batch, vectors)  # vector_each once more, in one line

# ---- Same numbers, other price -----------------------------------------------------------------

left = torch.rand(300, 300)
right = torch.rand(300, 300)
x = torch.rand(300)
slow = (left @ right) @ x  # 300 · 300 · 300 multiplications, then 300 · 300
fast = left @ (right @ x)  # twice 300 · 300
almost = torch.allclose(slow, fast)  # equal but for rounding
print("almost equal?", almost)

# ---- Your turn: replace each ... and watch the shapes ------------------------------------------

features = torch.rand(6, 3)  # 6 examples, 3 features each
weight = torch.rand(4, 3)  # as in nn.Linear: one row for each of the 4 outputs
bias = torch.rand(4)  # one number for each output

queries = torch.rand(2, 5, 8)  # 2 sentences; 5 words that ask, 8 numbers each
keys = torch.rand(2, 7, 8)  # 7 words that can be asked, 8 numbers each
values = torch.rand(2, 7, 4)  # and what those 7 words have to say

ours = torch.rand(3, 4, 5)  # two batches of 3 matrices
theirs = torch.rand(3, 4, 5)

# 1. A linear layer by hand: a row of 4 outputs for each example, the bias added. (6, 4)
linear = ...

# 2. Each query against each key of its own sentence, divided by the square root of 8. (2, 5, 7)
scores = ...

# 3. Softmax of the scores over the keys, then the weighted sum of the values. (2, 5, 4)
attended = ...

# 4. For each of the 3 pairs of matrices: the sum of their products, element by element. (3,)
agreement = ...
