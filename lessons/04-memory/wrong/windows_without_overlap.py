# trips: windows.shape
import torch

signal = torch.arange(10.0)

windows = signal.reshape(-1, 2)
