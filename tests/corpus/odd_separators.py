import torch

x = torch.ones(2)
# a page further
def f(a):
    s = ""; b = a * 2
    return b

y = f(x)
s = "    "; z = y
