"""Classify sentences with convolutions of several widths over their word embeddings."""

import random

import torch
import torch.nn as nn
import torch.nn.functional as F

random.seed(0)
torch.manual_seed(0)
good = ["fine", "great", "lovely", "kind", "bright"]
bad = ["poor", "awful", "cruel", "dull", "broken"]
other = ["the", "film", "was", "very", "and", "a", "story"]


def sentence(words):
    return " ".join(random.choice(words if i % 3 == 0 else other) for i in range(12))


samples = [(sentence(good), 1) for _ in range(1000)] + [(sentence(bad), 0) for _ in range(1000)]
random.shuffle(samples)
word_dict = {word: number for number, word in enumerate(good + bad + other)}


class TextCNN(nn.Module):
    def __init__(self, vocabulary, embedding=16, filters=12, sizes=(2, 3, 4)):
        super().__init__()
        self.W = nn.Embedding(vocabulary, embedding)
        self.filters = nn.ModuleList(nn.Conv2d(1, filters, (size, embedding)) for size in sizes)
        self.out = nn.Linear(filters * len(sizes), 2)

    def forward(self, X):
        embedded = self.W(X)
        embedded = embedded.unsqueeze(1)
        pooled = []
        for conv in self.filters:
            h = F.relu(conv(embedded))
            m = F.max_pool2d(h, (h.size(2), 1))
            pooled.append(m.permute(0, 3, 2, 1))
        h_pool = torch.cat(pooled, -1)
        h_flat = h_pool.reshape(h_pool.size(0), -1)
        return self.out(h_flat)


def collate(rows):
    texts, labels = zip(*rows)
    ids = torch.LongTensor([[word_dict[word] for word in text.split()] for text in texts])
    return ids, torch.LongTensor(labels)


model = TextCNN(len(word_dict))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.003)
for epoch in range(8):
    total = 0.0
    for start in range(0, len(samples), 40):
        inputs, targets = collate(samples[start : start + 40])
        optimizer.zero_grad()
        output = model(inputs)
        loss = criterion(output, targets)
        loss.backward()
        optimizer.step()
        total += loss.item()
    print(f"epoch {epoch + 1}: cost {total / (len(samples) / 40):.6f}")

with torch.no_grad():
    inputs, targets = collate(samples[:200])
    predicted = model(inputs).argmax(dim=1)
    print(f"right: {(predicted == targets).sum().item()} of {len(targets)}")
