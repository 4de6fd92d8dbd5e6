# trips: snapshot.dtype
import numpy as np
import torch

measured = [20.5, 21.0, 19.5]
readings = np.array(measured)
snapshot = torch.tensor(measured)
readings[0] = 99.0
