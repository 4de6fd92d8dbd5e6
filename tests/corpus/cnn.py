import torch
import torch.nn as nn
import torch.nn.functional as F


class Residual(nn.Module):
    def __init__(self, c_in, c_out, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(c_in, c_out, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(c_out)
        self.conv2 = nn.Conv2d(c_out, c_out, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(c_out)
        self.skip = nn.Identity() if c_in == c_out and stride == 1 else nn.Conv2d(c_in, c_out, 1, stride)

    def forward(self, x):
        residual = self.skip(x)
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        out += residual
        return F.relu(out)


class Net(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 7, stride=2, padding=3)
        self.pool = nn.MaxPool2d(3, 2, 1)
        self.blocks = nn.Sequential(Residual(8, 8), Residual(8, 16, 2))
        self.head = nn.Linear(16, classes)
        self.features = []

    def forward(self, x):
        x = self.pool(self.stem(x))
        for block in self.blocks:
            x = block(x)
            self.features.append(x)
        pooled = x.mean(dim=(2, 3))
        return self.head(pooled)


torch.manual_seed(0)
net = Net()
acts = {}


def save(name):
    def hook(module, args, output):
        acts[name] = output.detach()

    return hook


for name, child in net.named_children():
    child.register_forward_hook(save(name))
imgs = torch.rand(2, 3, 32, 32)
logits = net(imgs)
small = net.eval()(torch.rand(1, 3, 16, 16))
loss = F.cross_entropy(logits, torch.tensor([1, 2]))
loss.backward()
stem_grad = net.stem.weight.grad
params = list(net.parameters())
count = sum(p.numel() for p in params)
up = F.interpolate(imgs, scale_factor=2, mode="bilinear", align_corners=False)
patches = F.unfold(imgs, 8, stride=8)
grid = F.affine_grid(torch.eye(2, 3)[None].repeat(2, 1, 1), (2, 3, 8, 8), align_corners=False)
sampled = F.grid_sample(imgs, grid, align_corners=False)
padded = F.pad(imgs, (1, 1, 2, 2))
print(count, [tuple(a.shape) for a in acts.values()])
