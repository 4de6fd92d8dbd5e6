import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
X = torch.randn(90, 6)
Y = (X.sum(1) > 0).long()
loader = DataLoader(TensorDataset(X, Y), batch_size=32, shuffle=True)
net = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 2))
opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
criterion = nn.CrossEntropyLoss()


def accuracy(logits, target):
    pred = logits.argmax(dim=1)
    hits = pred == target
    return hits.float().mean()


history = []
for epoch in range(3):
    running = 0.0
    for step, (xb, yb) in enumerate(loader):
        logits = net(xb)
        loss = criterion(logits, yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        running += loss.item() * len(xb)
        acc = accuracy(logits.detach(), yb)
    history.append(running / len(X))
    last = xb, yb
    grads = [p.grad for p in net.parameters()]
print([round(h, 3) for h in history], float(acc))
