# trips: snapshot.dtype
import numpy as np

measured = [20.5, 21.0, 19.5]
readings = np.array(measured)
snapshot = readings.copy()
readings[0] = 99.0
