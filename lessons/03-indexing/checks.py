"""What the challenge of the third lesson asks of the learner's tensors."""

import torch


@check("centre.shape", needs=["centre"])
def _(centre):
    expect(centre).shape(4, 1, 4, 4)


@check("centre.values", needs=["photos", "centre"])
def _(photos, centre):
    expect(centre).values(photos[:, :1, 2:6, 2:6])


@check("cleaned.shape", needs=["raw", "cleaned"])
def _(raw, cleaned):
    expect(cleaned).shape(len(raw))


@check("cleaned.original", needs=["raw", "readings", "cleaned"])
def _(raw, readings, cleaned):
    expect(readings).values(torch.tensor(raw))


@check("cleaned.values", needs=["raw", "cleaned"])
def _(raw, cleaned):
    expect(cleaned).dtype(torch.float32).values(torch.tensor(raw).clamp(min=0))


@check(
    "cleaned.any_readings",
    needs=["raw", "cleaned"],
    vary={"raw": lambda: [-999.0, 7.5, 3.0, -1.0, 8.0]},
)
def _(raw, cleaned):
    expect(cleaned).values(torch.tensor(raw).clamp(min=0))


@check("picked.shape", needs=["picked"])
def _(picked):
    expect(picked).shape(4)


@check("picked.values", needs=["logits", "labels", "picked"])
def _(logits, labels, picked):
    expect(picked).values(logits.gather(1, labels[:, None])[:, 0])
