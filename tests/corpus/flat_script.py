import torch

torch.manual_seed(0)
a = torch.arange(12)
b = a.reshape(3, 4)
c = b.T
d = b.float()
e = d @ d.T
f = e.sum()
g = d.mean(dim=0)
h = d[1]
i = d[:, 1:3]
j = d[None, ..., 0]
k = d[d > 3]
m = d > 3
n = torch.zeros(2, 3, dtype=torch.float64)
o = torch.stack([h, h, h], dim=1)
p = torch.cat((d, d), 0)
q = d.unsqueeze(0).expand(2, -1, -1)
r = q.permute(2, 0, 1).contiguous()
s = torch.where(m, d, -d)
t, u = d.max(dim=1)
v = d.topk(2)
w = torch.linspace(0, 1, 5)
x = torch.eye(3)[torch.tensor([2, 0])]
y = w.tolist()
z = f.item()
aa = bb = torch.rand(2)
(cc), [dd, *ee] = torch.rand(1), torch.rand(4, 2)
ff = torch.empty(0, 3)
gg = torch.tensor(3.5)
hh = torch.tensor([[1, 2], [3, 4]])
ii = hh.to(torch.int16)
jj = d.shape
kk = d.size(0)
d.add_(1)
d.unsqueeze_(0)
d
d.squeeze_()
hh.T.float().sum(1)
print(f, z, v.values.shape, v.indices)
