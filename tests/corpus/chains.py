import torch

x = torch.randn(2, 3, 4)
y = (
    x.transpose(0, 1)
    .reshape(3, -1)
    .relu()
    .sum(dim=1, keepdim=True)
)
z = (x
     .flatten(1)  # a comment
     .mean(0)
     .unsqueeze(-1))
w = x.permute(2, 0, 1) \
     .contiguous() \
     .view(4, 6)
(
    x.mul(2)
    .add(1)
    .sum()
)
v = torch.stack(
    [
        x.sum(0),
        x.mean(0),
    ],
    dim=-1,
).squeeze()
u = (
    torch.nn.Linear(4, 5)(x)
    .softmax(
        dim=-1,
    )
    .argmax(-1)
)


def pipeline(t):
    return (
        t.unsqueeze(0)
        .repeat(2, 1, 1, 1)
        .max(dim=1)
        .values
        .float()
    )


p = pipeline(x)
q = pipeline(x.double())
x.mul_(2).add_(1)
x.sum(0)
x[0]
x @ x.transpose(1, 2)
x
-x
x > 0
x if True else None
(x, y)
[x, y]
torch.manual_seed(0)
x.shape
