import torch


class Head(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = torch.nn.Linear(4, 2)

    def forward(self, x):
        h = x.relu()
        return self.fc(h)


head = Head()
good = head(torch.ones(3, 4))
for width in (4, 4, 5):
    batch = torch.ones(2, width)
    out = head(batch)
    done = out.sum()
never = torch.ones(1)
