import torch


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.ReLU(), torch.nn.Linear(7, 2))

    def forward(self, x):
        h = x.flatten(1) * 2
        return self.layers(h).softmax(-1)


net = Net()
for size in (4,):
    result = [net(torch.ones(2, size)) + 1 for _ in range(1)][0] @ torch.ones(2)
