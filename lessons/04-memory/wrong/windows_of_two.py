# trips: windows.shape
import torch

signal = torch.arange(10.0)

windows = signal.unfold(0, 2, 2)
