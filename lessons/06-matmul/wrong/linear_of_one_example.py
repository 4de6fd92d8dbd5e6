# trips: linear.shape
import torch

features = torch.rand(6, 3)
weight = torch.rand(4, 3)
bias = torch.rand(4)

linear = features[0] @ weight.T + bias
