# trips: windows.values
import torch

signal = torch.arange(10.0)

windows = signal.as_strided((4, 4), (1, 1))
