# trips: agreement.shape
import torch

ours = torch.rand(3, 4, 5)
theirs = torch.rand(3, 4, 5)

agreement = (ours * theirs).sum()
