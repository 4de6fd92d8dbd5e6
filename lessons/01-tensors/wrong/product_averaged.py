# trips: product.values
import torch

F = torch.rand(10)
W = torch.rand(10, 5)
example = F

F_new = F.unsqueeze(0)
output = F_new @ W / 10
