# trips: marks.values
import torch

grades = [7, 10, 4]
marks = torch.tensor([7.0, 10.0, 4.0])
