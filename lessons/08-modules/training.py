"""Modules: layers that own their weights, shapes on their way through, and one training loop."""

import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)

images = torch.rand(64, 1, 8, 8)  # 64 images, one channel, 8 × 8 pixels
labels = torch.randint(0, 10, (64,))  # the right class of each, as an index

# ---- A module: parameters, and a forward that uses them -----------------------------------------


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(64, 32)
        self.out = nn.Linear(32, 10)

    def forward(self, x):
        x = x.flatten(1)  # all but the first dimension become one
        x = F.relu(self.hidden(x))
        return self.out(x)


net = Net()
logits = net(images)  # one score for each image and class
loss = F.cross_entropy(logits, labels)
print("parameters:", sum(p.numel() for p in net.parameters()))

# ---- The training loop: five lines, always in this order ----------------------------------------

optimizer = torch.optim.SGD(net.parameters(), lr=0.5)
for epoch in range(3):
    for start in range(0, 64, 24):  # 24, 24 and the 16 that are left
        batch, wanted = images[start : start + 24], labels[start : start + 24]
        guesses = net(batch)
        error = F.cross_entropy(guesses, wanted)
        optimizer.zero_grad()
        error.backward()
        optimizer.step()

# ---- Your turn: replace each ... and watch the hints ---------------------------------------------

# A convolution looks at 3 × 3 windows and gives four channels.
conv = nn.Conv2d(1, 4, kernel_size=3)
features = conv(images)

# 1. A Linear layer wants one row for each image. Flatten all but the batch.
flat = ...

# 2. A layer that turns each row into ten scores, and the scores it gives.
head = ...
scores = ...

# 3. The class with the highest score, for each image.
predicted = ...
