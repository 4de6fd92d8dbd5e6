"""What the challenge of the second lesson asks of the learner's tensors."""

import torch


@check("times.shape", needs=["count", "times"])
def _(count, times):
    expect(times).shape(count)


@check("times.values", needs=["count", "times"])
def _(count, times):
    expect(times).shape(count).dtype(torch.float32).values(torch.linspace(0, 1, count))


@check("times.any_count", needs=["count", "times"], vary={"count": lambda: 9})
def _(count, times):
    expect(times).shape(count).values(torch.linspace(0, 1, count))


@check("marks.dtype", needs=["grades", "marks"])
def _(grades, marks):
    expect(marks).shape(len(grades)).dtype(torch.float32)


@check("marks.values", needs=["grades", "marks"], vary={"grades": lambda: [3, 8, 5]})
def _(grades, marks):
    expect(marks).values(torch.tensor(grades, dtype=torch.float32))


@check("snapshot.dtype", needs=["measured", "snapshot"])
def _(measured, snapshot):
    expect(snapshot).shape(len(measured)).dtype(torch.float64)


@check("snapshot.values", needs=["measured", "snapshot"])
def _(measured, snapshot):
    expect(snapshot).values(torch.tensor(measured, dtype=torch.float64))
