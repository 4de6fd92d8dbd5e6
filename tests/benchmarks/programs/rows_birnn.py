"""Classify pictures by reading their rows with a bidirectional LSTM, all at the top level."""

import torch
import torch.nn as nn

torch.manual_seed(0)
device = torch.device("cpu")
sequence_length = 16
input_size = 16
hidden_size = 24
num_layers = 2
num_classes = 4
batch_size = 50
num_epochs = 2

labels_all = torch.arange(2500) % num_classes
images_all = torch.rand(2500, 1, sequence_length, input_size)
images_all += labels_all.view(-1, 1, 1, 1) * torch.linspace(0, 1, input_size)
dataset = torch.utils.data.TensorDataset(images_all, labels_all)
loader = torch.utils.data.DataLoader(dataset, batch_size=batch_size, shuffle=True)


class BiRNN(nn.Module):
    def __init__(self, input_size, hidden_size, num_layers, num_classes):
        super().__init__()
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.lstm = nn.LSTM(
            input_size, hidden_size, num_layers, batch_first=True, bidirectional=True
        )
        self.fc = nn.Linear(hidden_size * 2, num_classes)

    def forward(self, x):
        h0 = torch.zeros(self.num_layers * 2, x.size(0), self.hidden_size).to(device)
        c0 = torch.zeros(self.num_layers * 2, x.size(0), self.hidden_size).to(device)
        out, _ = self.lstm(x, (h0, c0))
        out = self.fc(out[:, -1, :])
        return out


model = BiRNN(input_size, hidden_size, num_layers, num_classes).to(device)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.003)

total_step = len(loader)
for epoch in range(num_epochs):
    for i, (images, labels) in enumerate(loader):
        images = images.reshape(-1, sequence_length, input_size).to(device)
        labels = labels.to(device)
        outputs = model(images)
        loss = criterion(outputs, labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if (i + 1) % 20 == 0:
            print(f"epoch {epoch + 1}, step {i + 1}/{total_step}: loss {loss.item():.4f}")

model.eval()
with torch.no_grad():
    correct = 0
    total = 0
    for images, labels in loader:
        images = images.reshape(-1, sequence_length, input_size).to(device)
        labels = labels.to(device)
        outputs = model(images)
        _, predicted = torch.max(outputs.data, 1)
        total += labels.size(0)
        correct += (predicted == labels).sum().item()
    print(f"right: {100 * correct / total:.1f} %")
