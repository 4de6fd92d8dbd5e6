import io
import os
import tempfile

import torch
from torch import nn

net = nn.Linear(3, 2)
state = net.state_dict()
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "net.pt")
    torch.save(state, path)
    loaded = torch.load(path)
    mapped = torch.load(path, map_location="cpu", weights_only=True)
other = nn.Linear(3, 2)
keys = other.load_state_dict(loaded)
buffer = io.BytesIO()
torch.save({"step": 3, "weights": [p.data for p in net.parameters()]}, buffer)
buffer.seek(0)
ckpt = torch.load(buffer, weights_only=True)
step, weights = ckpt["step"], ckpt["weights"]
w0, b0 = weights
for name, value in loaded.items():
    norm = value.norm()
copies = {k: v.clone() for k, v in state.items()}
delta = sum(((copies[k] - loaded[k]) ** 2).sum() for k in copies)
