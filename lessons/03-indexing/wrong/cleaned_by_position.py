# trips: cleaned.any_readings
import torch

raw = [21.5, -999.0, 20.0, -999.0, 22.5]
readings = torch.tensor(raw)
cleaned = readings.clone()
cleaned[[1, 3]] = 0.0
