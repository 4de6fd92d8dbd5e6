import numpy as np
import torch

a = np.arange(6).reshape(2, 3)
b = a.astype(np.float32) / 2
t = torch.from_numpy(b)
t += 1
back = t.numpy()
view = t.numpy().T
rng = np.random.default_rng(0)
noise = rng.normal(size=(4, 3))
m = torch.tensor(noise)
n = torch.as_tensor(noise, dtype=torch.float32)
mean, std = noise.mean(0), noise.std(axis=0)
z = (noise - mean) / std
stacked = np.stack([b, b])
c, d = np.split(noise, 2)
mask = noise > 0
pos = noise[mask]
scalar = noise.sum()
as_list = noise.tolist()
for row in noise:
    r = torch.from_numpy(row).float()
grid_x, grid_y = np.meshgrid(np.arange(3), np.arange(2))
u8 = np.zeros((2, 2), dtype=np.uint8)
flags = np.array([True, False])
cplx = np.fft.fft(np.ones(4))
pair = (t, noise)
data = {"x": t, "y": noise}
img = torch.from_numpy(u8)[None, None].float()
zero_d = np.array(3.0)


def standardise(x):
    return (x - x.mean()) / x.std()


s1 = standardise(noise)
s2 = standardise(torch.tensor(noise))
np.asarray(m)
