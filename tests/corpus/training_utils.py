import logging
import math
import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Generic, Optional, Protocol, TypeVar, Union, overload

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset, IterableDataset, Sampler, random_split

T = TypeVar("T")
log = logging.getLogger(__name__)


class HasForward(Protocol):
    def forward(self, x: Tensor) -> Tensor: ...


class Squares(Dataset):
    def __init__(self, n):
        self.xs = torch.linspace(-1, 1, n)[:, None]
        self.ys = self.xs**2

    def __len__(self):
        return len(self.xs)

    def __getitem__(self, i):
        return self.xs[i], self.ys[i]


class Ragged(IterableDataset):
    def __iter__(self) -> Iterator[dict]:
        for n in range(1, 5):
            yield {"ids": torch.arange(n), "label": n % 2}


def collate(items: list[dict]) -> dict[str, Tensor]:
    longest = max(len(item["ids"]) for item in items)
    ids = torch.zeros(len(items), longest, dtype=torch.long)
    for row, item in zip(ids, items):
        row[: len(item["ids"])] = item["ids"]
    return {"ids": ids, "label": torch.tensor([item["label"] for item in items])}


class Meter(Generic[T]):
    total: float = 0.0

    def __init__(self) -> None:
        self.values: list[Tensor] = []

    def update(self, value: Tensor, n: int = 1) -> "Meter[T]":
        self.values.append(value.detach())
        return self

    @property
    def mean(self) -> Tensor:
        return torch.stack(self.values).mean()


def fit(model: nn.Module, loader: Iterable, *, epochs: int = 1, lr: float = 0.1) -> Optional[Tensor]:
    opt = torch.optim.Adam(model.parameters(), lr)
    sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda e: math.cos(e))
    best: Union[Tensor, None] = None
    for _epoch in range(epochs):
        meter = Meter()
        for x, y in loader:
            pred = model(x)
            loss = nn.functional.mse_loss(pred, y)
            opt.zero_grad()
            loss.backward()
            opt.step()
            meter.update(loss)
        sched.step()
        if best is None or meter.mean < best:
            best = meter.mean
    return best


def main() -> None:
    torch.manual_seed(0)
    train, val = random_split(Squares(20), [14, 6])
    model = nn.Sequential(nn.Linear(1, 8), nn.Tanh(), nn.Linear(8, 1))
    best = fit(model, DataLoader(train, batch_size=4), epochs=2)
    with torch.no_grad():
        for x, y in DataLoader(val, batch_size=4, drop_last=False):
            err = (model(x) - y).abs().max()
    for batch in DataLoader(Ragged(), batch_size=3, collate_fn=collate):
        ids, label = batch["ids"], batch["label"]
    x0, y0 = train[0]
    log.info("best %s", best)


if __name__ == "__main__":
    main()
