import random

import numpy as np
import torch

torch.manual_seed(3)
random.seed(3)
np.random.seed(3)
for i in range(30):
    x = torch.randn(2)
    y = random.random()
    z = np.random.rand()
print(x, y, z)
perm = torch.randperm(10)
drop = torch.nn.Dropout(0.5)(torch.ones(10))
rng = np.random.default_rng(1)
print(perm, drop, rng.normal(), random.sample(range(100), 5), torch.initial_seed())
g = torch.Generator().manual_seed(5)
print(torch.rand(2, generator=g), torch.random.get_rng_state().sum(), sum(random.getstate()[1]))
net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1))
opt = torch.optim.Adam(net.parameters(), 0.01)
for step in range(25):
    loss = net(torch.randn(8, 3)).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
print(repr(loss.item()), [p.sum().item() for p in net.parameters()])
with torch.random.fork_rng():
    torch.rand(5)
print(torch.rand(1), torch.multinomial(torch.ones(4), 2), torch.bernoulli(torch.full((3,), 0.5)))
from torch.utils.data import DataLoader, RandomSampler

print(list(RandomSampler(range(5))), [b.tolist() for b in DataLoader(range(7), 3, shuffle=True)])
