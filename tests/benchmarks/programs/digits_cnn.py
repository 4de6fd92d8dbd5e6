"""Train and test a convolutional network on made-up digits, with transforms per sample."""

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from torch.optim.lr_scheduler import StepLR
from torch.utils.data import DataLoader, Dataset


class Normalize:
    def __init__(self, mean, deviation):
        self.mean = mean
        self.deviation = deviation

    def __call__(self, image):
        return (image - self.mean) / self.deviation


class Compose:
    def __init__(self, transforms):
        self.transforms = transforms

    def __call__(self, image):
        for transform in self.transforms:
            image = transform(image)
        return image


class Digits(Dataset):
    """Noisy pictures of bars whose place is the class."""

    def __init__(self, count, transform=None):
        self.targets = torch.arange(count) % 10
        self.images = torch.rand(count, 20, 20)
        for index, target in enumerate(self.targets.tolist()):
            self.images[index, 2 * target : 2 * target + 2] += 1
        self.transform = transform

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        image, target = self.images[index], int(self.targets[index])
        image = image.unsqueeze(0)
        if self.transform is not None:
            image = self.transform(image)
        return image, target


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, 1)
        self.conv2 = nn.Conv2d(8, 16, 3, 1)
        self.dropout = nn.Dropout(0.25)
        self.fc1 = nn.Linear(1024, 32)
        self.fc2 = nn.Linear(32, 10)

    def forward(self, x):
        x = self.conv1(x)
        x = F.relu(x)
        x = self.conv2(x)
        x = F.relu(x)
        x = F.max_pool2d(x, 2)
        x = self.dropout(x)
        x = torch.flatten(x, 1)
        x = self.fc1(x)
        x = F.relu(x)
        x = self.fc2(x)
        output = F.log_softmax(x, dim=1)
        return output


def train(model, device, loader, optimizer, epoch):
    model.train()
    for batch_index, (data, target) in enumerate(loader):
        data, target = data.to(device), target.to(device)
        optimizer.zero_grad()
        output = model(data)
        loss = F.nll_loss(output, target)
        loss.backward()
        optimizer.step()
        if batch_index % 20 == 0:
            print(f"epoch {epoch}, batch {batch_index}: loss {loss.item():.4f}")


def test(model, device, loader):
    model.eval()
    test_loss = 0.0
    correct = 0
    with torch.no_grad():
        for data, target in loader:
            data, target = data.to(device), target.to(device)
            output = model(data)
            test_loss += F.nll_loss(output, target, reduction="sum").item()
            pred = output.argmax(dim=1, keepdim=True)
            correct += pred.eq(target.view_as(pred)).sum().item()
    test_loss /= len(loader.dataset)
    print(f"test: loss {test_loss:.4f}, right {correct} of {len(loader.dataset)}")


def main():
    torch.manual_seed(1)
    device = torch.device("cpu")
    transform = Compose([Normalize(0.5, 0.3)])
    train_loader = DataLoader(Digits(3000, transform), batch_size=64, shuffle=True)
    test_loader = DataLoader(Digits(1000, transform), batch_size=200)
    model = Net().to(device)
    optimizer = optim.Adadelta(model.parameters(), lr=1.0)
    scheduler = StepLR(optimizer, step_size=1, gamma=0.7)
    for epoch in range(1, 3):
        train(model, device, train_loader, optimizer, epoch)
        test(model, device, test_loader)
        scheduler.step()


if __name__ == "__main__":
    main()
