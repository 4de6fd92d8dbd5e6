import copy

import torch
from torch import nn

torch.manual_seed(0)
target = torch.tensor([3.0, -1.0])
results = {}
for cls, kw in [
    (torch.optim.SGD, {"lr": 0.1}),
    (torch.optim.Adam, {"lr": 0.1}),
    (torch.optim.AdamW, {"lr": 0.1, "weight_decay": 0.01}),
    (torch.optim.Adagrad, {"lr": 0.5}),
]:
    p = nn.Parameter(torch.zeros(2))
    opt = cls([p], **kw)
    for step in range(5):
        opt.zero_grad()
        err = p - target
        loss = (err * err).sum()
        loss.backward()
        opt.step()
    results[cls.__name__] = loss.detach()
    state = opt.state[p]
    momentum = state.get("exp_avg")


def closure():
    lb.zero_grad()
    out = ((q - target) ** 2).sum()
    out.backward()
    return out


q = torch.zeros(2, requires_grad=True)
lb = torch.optim.LBFGS([q], max_iter=3)
final = lb.step(closure)
net = nn.Linear(2, 2)
ema = copy.deepcopy(net)
with torch.no_grad():
    for pe, pn in zip(ema.parameters(), net.parameters()):
        pe.mul_(0.9).add_(pn, alpha=0.1)
        gap = pe - pn
scaler = torch.amp.GradScaler("cpu", enabled=False)
with torch.autocast("cpu", dtype=torch.bfloat16):
    low = net(torch.ones(1, 2))
vec = nn.utils.parameters_to_vector(net.parameters())
history = torch.stack(list(results.values()))
