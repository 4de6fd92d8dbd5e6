import torch
x = torch.ones(2); y = x
def f(a): return a
z = f(x)