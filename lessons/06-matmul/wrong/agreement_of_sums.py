# trips: agreement.values
import torch

ours = torch.rand(3, 4, 5)
theirs = torch.rand(3, 4, 5)

agreement = ours.sum(dim=(1, 2)) * theirs.sum(dim=(1, 2))
