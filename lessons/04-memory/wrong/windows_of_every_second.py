# trips: windows.values
import torch

signal = torch.arange(10.0)

windows = torch.stack([signal[start : start + 7 : 2] for start in range(4)])
