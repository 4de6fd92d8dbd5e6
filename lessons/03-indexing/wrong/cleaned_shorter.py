# trips: cleaned.shape
import torch

raw = [21.5, -999.0, 20.0, -999.0, 22.5]
readings = torch.tensor(raw)
cleaned = readings[readings >= 0]
