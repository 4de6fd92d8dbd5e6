"""What the challenge of the lesson on creating tensors asks of the learner's tensors.

The averages are tried with other ratings and the inputs with an array of float64, so that neither a
size nor a dtype may be taken for granted.
"""

import torch


@check("grid.shape", needs=["grid"])
def _(grid):
    expect(grid).shape(3, 4)


@check("grid.dtype", needs=["grid"])
def _(grid):
    expect(grid).dtype(torch.float64)


@check("grid.values", needs=["grid"])
def _(grid):
    expect(grid).values([[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]])


@check("averages.shape", needs=["averages"])
def _(averages):
    expect(averages).shape(4)


@check("averages.dtype", needs=["averages"])
def _(averages):
    expect(averages).dtype(torch.float32)


@check(
    "averages.values",
    needs=["stars", "averages"],
    vary={"stars": lambda: torch.tensor([[1, 5, 2, 4, 4, 1, 2], [3, 3, 5, 1, 2, 5, 5]])},
)
def _(stars, averages):
    expect(averages).values([sum(row) / len(row) for row in stars.tolist()])


@check("inputs.shape", needs=["inputs"])
def _(inputs):
    expect(inputs).shape(2, 3)


@check(
    "inputs.dtype",
    needs=["readings", "inputs"],
    vary={"readings": lambda: torch.rand(2, 3, dtype=torch.float64).numpy()},
)
def _(readings, inputs):
    expect(inputs).dtype(torch.float32)


@check("inputs.values", needs=["readings", "inputs"])
def _(readings, inputs):
    expect(inputs).values(readings.tolist())


@check("inputs.memory", needs=["readings", "inputs"])
def _(readings, inputs):
    theirs = torch.from_numpy(readings).untyped_storage().data_ptr()
    expect(inputs).tensor().is_true(inputs.untyped_storage().data_ptr() != theirs)
