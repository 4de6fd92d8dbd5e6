# trips: marks.values
import torch

grades = [7, 10, 4]
marks = torch.tensor(grades) / 10
