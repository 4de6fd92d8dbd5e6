"""Train a network of two layers with an optimizer, in a loop at the top level."""

import torch

torch.manual_seed(0)
N, D_in, H, D_out = 32, 128, 64, 10
x = torch.randn(N, D_in)
y = torch.randn(N, D_out)
model = torch.nn.Sequential(
    torch.nn.Linear(D_in, H),
    torch.nn.ReLU(),
    torch.nn.Linear(H, D_out),
)
loss_fn = torch.nn.MSELoss(reduction="sum")
optimizer = torch.optim.Adam(model.parameters(), lr=1e-4)
for t in range(1600):
    y_pred = model(x)
    loss = loss_fn(y_pred, y)
    if t % 200 == 0:
        print(t, loss.item())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
