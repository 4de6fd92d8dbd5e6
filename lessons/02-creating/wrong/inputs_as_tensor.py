# trips: inputs.memory
import numpy as np
import torch

readings = np.array([[20.5, 21.0, 19.5], [18.0, 22.5, 20.0]], dtype=np.float32)
inputs = torch.as_tensor(readings, dtype=torch.float32)
