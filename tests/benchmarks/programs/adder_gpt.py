"""Train a small transformer to add numbers, one sample of a dataset at a time."""

import random

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset


class Additions(Dataset):
    """Pairs of numbers with their reversed sum, as digits."""

    def __init__(self, digits, count, seed):
        self.digits = digits
        generator = random.Random(seed)
        limit = 10**digits
        self.pairs = [generator.randrange(limit * limit) for _ in range(count)]

    def __len__(self):
        return len(self.pairs)

    def __getitem__(self, index):
        digits = self.digits
        limit = 10**digits
        a, b = divmod(self.pairs[index], limit)
        text = f"{a:0{digits}d}{b:0{digits}d}" + f"{a + b:0{digits + 1}d}"[::-1]
        numbers = [int(letter) for letter in text]
        x = torch.tensor(numbers[:-1], dtype=torch.long)
        y = torch.tensor(numbers[1:], dtype=torch.long)
        y[: digits * 2 - 1] = -1
        return x, y


class Attention(nn.Module):
    def __init__(self, width, heads, length):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.register_buffer("mask", torch.tril(torch.ones(length, length)).bool())

    def forward(self, x):
        B, T, C = x.size()
        q, k, v = self.qkv(x).split(C, dim=2)
        q = q.view(B, T, self.heads, C // self.heads).transpose(1, 2)
        k = k.view(B, T, self.heads, C // self.heads).transpose(1, 2)
        v = v.view(B, T, self.heads, C // self.heads).transpose(1, 2)
        scores = (q @ k.transpose(-2, -1)) * (C // self.heads) ** -0.5
        scores = scores.masked_fill(~self.mask[:T, :T], float("-inf"))
        weights = F.softmax(scores, dim=-1)
        mixed = (weights @ v).transpose(1, 2).contiguous().view(B, T, C)
        return self.out(mixed)


class Block(nn.Module):
    def __init__(self, width, heads, length):
        super().__init__()
        self.attention = Attention(width, heads, length)
        self.before = nn.LayerNorm(width)
        self.after = nn.LayerNorm(width)
        self.feed = nn.Sequential(
            nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )

    def forward(self, x):
        x = x + self.attention(self.before(x))
        x = x + self.feed(self.after(x))
        return x


class GPT(nn.Module):
    def __init__(self, vocabulary, length, width=24, heads=2, layers=2):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, width)
        self.positions = nn.Embedding(length, width)
        self.blocks = nn.ModuleList(Block(width, heads, length) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, vocabulary, bias=False)

    def forward(self, ids, targets=None):
        _, T = ids.size()
        positions = torch.arange(0, T).unsqueeze(0)
        x = self.tokens(ids) + self.positions(positions)
        for block in self.blocks:
            x = block(x)
        logits = self.head(self.norm(x))
        loss = None
        if targets is not None:
            loss = F.cross_entropy(
                logits.view(-1, logits.size(-1)), targets.view(-1), ignore_index=-1
            )
        return logits, loss

    @torch.no_grad()
    def generate(self, ids, count):
        for _ in range(count):
            logits, _ = self(ids)
            best = logits[:, -1, :].argmax(-1, keepdim=True)
            ids = torch.cat((ids, best), dim=1)
        return ids


def accuracy(model, data, digits):
    right = total = 0
    powers = torch.tensor([[10**i for i in range(digits + 1)]])
    for x, _ in DataLoader(data, batch_size=50):
        given = x[:, : digits * 2]
        result = model.generate(given, digits + 1)
        sums = (result[:, -(digits + 1) :] * powers).sum(1)
        units = powers[:, :digits].flip(1)
        expected = (given[:, :digits] * units).sum(1) + (given[:, digits:] * units).sum(1)
        right += int((sums == expected).sum())
        total += len(x)
    return right / total


def main():
    torch.manual_seed(1)
    digits = 2
    train, test = Additions(digits, 10_000, 0), Additions(digits, 200, 1)
    model = GPT(10, 3 * digits)
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3)
    model.train()
    for step, batch in enumerate(DataLoader(train, batch_size=64, shuffle=True)):
        x, y = batch
        _, loss = model(x, y)
        model.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if step % 100 == 0:
            print(f"step {step}: loss {loss.item():.4f}")
    model.eval()
    print(f"accuracy {accuracy(model, test, digits):.2f}")


main()
