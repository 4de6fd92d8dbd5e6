"""What the challenge of the lesson on memory asks of the learner's tensors.

Each step is judged by `photos` and `signal` alone, so that a mistake in one is not counted in the
next. Pixels are compared on photos that the check creates, since a learner who tries out `red`
changes `photos`.
"""

import torch


@check("planes.shape", needs=["planes"])
def _(planes):
    expect(planes).shape(8, 3, 4, 6)


@check("planes.values", needs=["photos", "planes"], vary={"photos": lambda: torch.rand(8, 4, 6, 3)})
def _(photos, planes):
    expect(planes).values(photos.permute(0, 3, 1, 2))


@check("rows.shape", needs=["rows"])
def _(rows):
    expect(rows).shape(8, 72)


@check("rows.values", needs=["photos", "rows"], vary={"photos": lambda: torch.rand(8, 4, 6, 3)})
def _(photos, rows):
    expect(rows).values(photos.permute(0, 3, 1, 2).reshape(8, 72))


@check("red.shape", needs=["red"])
def _(red):
    expect(red).shape(8, 4, 6)


@check("red.values", needs=["photos", "red"])
def _(photos, red):
    expect(red).values(photos[..., 0])


@check("red.shares", needs=["photos", "red"])
def _(photos, red):
    expect(red).shape(8, 4, 6)
    memory = photos.untyped_storage().data_ptr()
    expect(red).is_true(red.untyped_storage().data_ptr() == memory)


@check("windows.shape", needs=["windows"])
def _(windows):
    expect(windows).shape(4, 4)


@check("windows.values", needs=["signal", "windows"], vary={"signal": lambda: torch.rand(10)})
def _(signal, windows):
    expect(windows).values(torch.stack([signal[i : i + 4] for i in (0, 2, 4, 6)]))
