# trips: centred.values
import torch

grades = torch.rand(5, 5) * 10

centred = grades.mean(dim=1, keepdim=True) - grades
