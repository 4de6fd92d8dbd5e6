# trips: inputs.shape
import numpy as np

readings = np.array([[20.5, 21.0, 19.5], [18.0, 22.5, 20.0]], dtype=np.float32)
inputs = readings.copy()
