"""Learn byte pairs in plain Python, then a bigram model over their numbers."""

import random

import torch
import torch.nn.functional as F


def get_stats(ids, counts=None):
    counts = {} if counts is None else counts
    for pair in zip(ids, ids[1:]):
        counts[pair] = counts.get(pair, 0) + 1
    return counts


def merge(ids, pair, new_id):
    merged = []
    i = 0
    while i < len(ids):
        if ids[i] == pair[0] and i < len(ids) - 1 and ids[i + 1] == pair[1]:
            merged.append(new_id)
            i += 2
        else:
            merged.append(ids[i])
            i += 1
    return merged


class Tokenizer:
    def __init__(self):
        self.merges = {}
        self.vocab = {number: bytes([number]) for number in range(256)}

    def train(self, text, vocab_size):
        ids = list(text.encode("utf-8"))
        for i in range(vocab_size - 256):
            stats = get_stats(ids)
            pair = max(stats, key=stats.get)
            new_id = 256 + i
            ids = merge(ids, pair, new_id)
            self.merges[pair] = new_id
            self.vocab[new_id] = self.vocab[pair[0]] + self.vocab[pair[1]]

    def encode(self, text):
        ids = list(text.encode("utf-8"))
        while len(ids) >= 2:
            stats = get_stats(ids)
            pair = min(stats, key=lambda p: self.merges.get(p, float("inf")))
            if pair not in self.merges:
                break
            ids = merge(ids, pair, self.merges[pair])
        return ids

    def decode(self, ids):
        text_bytes = b"".join(self.vocab[number] for number in ids)
        return text_bytes.decode("utf-8", errors="replace")


def main():
    generator = random.Random(0)
    syllables = ["la", "ti", "mo", "ner", "qua", "dos", "el"]
    sentences = [
        " ".join("".join(generator.choices(syllables, k=3)) for _ in range(8)) for _ in range(150)
    ]
    text = "\n".join(sentences)
    tokenizer = Tokenizer()
    tokenizer.train(text, 256 + 120)
    rows = [tokenizer.encode(sentence) for sentence in sentences]
    assert tokenizer.decode(rows[0]) == sentences[0]
    torch.manual_seed(0)
    size = 256 + 120
    xs = torch.tensor([number for row in rows for number in row[:-1]])
    ys = torch.tensor([number for row in rows for number in row[1:]])
    W = (torch.randn(size, size) * 0.01).requires_grad_()
    for step in range(60):
        logits = W[xs]
        loss = F.cross_entropy(logits, ys)
        W.grad = None
        loss.backward()
        W.data += -30.0 * W.grad
        if step % 20 == 0:
            print(step, loss.item())


main()
