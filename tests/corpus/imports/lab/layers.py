from __future__ import annotations

import torch

from .ops import normalise


class Affine(torch.nn.Module):
    def __init__(self, d_in: int, d_out: int) -> None:
        super().__init__()
        self.w = torch.nn.Parameter(torch.randn(d_in, d_out))
        self.b = torch.nn.Parameter(torch.zeros(d_out))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = normalise(x) @ self.w
        return y + self.b
