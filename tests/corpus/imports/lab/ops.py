import torch


def normalise(x, eps=1e-6):
    mean = x.mean(-1, keepdim=True)
    std = x.std(-1, keepdim=True)
    return (x - mean) / (std + eps)


def outer(a, b):
    return torch.einsum("i,j->ij", a, b)


table = [normalise(torch.randn(2, n)) for n in (3, 5)]
