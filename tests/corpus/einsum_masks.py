import torch
from torch import einsum

B, H, T, D = 2, 3, 5, 4
q, k, v = torch.randn(3, B, H, T, D)
s = einsum("bhid,bhjd->bhij", q, k)
causal = torch.tril(torch.ones(T, T, dtype=torch.bool))
s[:, :, ~causal] = -1e9
p = s.softmax(dim=-1)
o = einsum("bhij,bhjd->bhid", p, v)
merged = torch.einsum("b h t d -> b t h d", o).flatten(2)
trace = einsum("ii", causal.float())
outer = einsum("i,j->ij", torch.arange(3.0), torch.arange(4.0))
bil = torch.einsum("bn,anm,bm->ba", torch.randn(2, 5), torch.randn(3, 5, 4), torch.randn(2, 4))
lengths = torch.tensor([3, 5])
pad = torch.arange(T)[None, :] < lengths[:, None]
mask = pad[:, None, None, :] & causal
n_valid = mask.sum((1, 2, 3))
picked = v[pad[:, None].expand(B, H, T)]
rows, cols = torch.nonzero(causal, as_tuple=True)
idx = causal.nonzero()
w = torch.where(mask, s, torch.tensor(0.0))
v[..., 0] = 1
v[v > 1] *= 0.5
top = p.topk(2, dim=-1)
values, indices = p.sort(descending=True)
g = p.gather(-1, indices)
sc = torch.zeros(B, H, T, T).scatter_(-1, indices, values)
m2 = pad.logical_not().any(dim=1)
b1, b2 = mask.unbind(0)
chunks = p.chunk(2, dim=-1)
(first, *others), last = p.unbind(1), p[:, -1]
