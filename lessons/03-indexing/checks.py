"""What the challenge of the lesson on indexing asks of the learner's tensors.

The expected tensors are built element by element, so that an indexing mistake cannot be repeated
here. The other inputs have the same sizes as the lesson's own tensors, so that a solution may rely
on the row numbers of those tensors.
"""

import torch


@check("patch.shape", needs=["patch"])
def _(patch):
    expect(patch).rank(4).shape(1, 3, 4, 5)


@check("patch.values", needs=["photos", "patch"])
def _(photos, patch):
    rows = [torch.stack([plane[y][3:8] for y in range(1, 5)]) for plane in photos[2]]
    expect(patch).values(torch.stack([torch.stack(rows)]))


def picked(temperatures):
    return [number for number in temperatures.flatten().tolist() if 18 <= number < 25]


def counted(temperatures):
    return [sum(18 <= number < 25 for number in day) for day in temperatures.tolist()]


@check("mild.selected", needs=["temperatures", "mild"])
def _(temperatures, mild):
    expect(mild).rank(1).values(torch.tensor(picked(temperatures)))


@check("mild.counted", needs=["temperatures", "mild_hours"])
def _(temperatures, mild_hours):
    expect(mild_hours).shape(4).values(torch.tensor(counted(temperatures)))


@check(
    "mild.elsewhere",
    needs=["temperatures", "mild", "mild_hours"],
    vary={"temperatures": lambda: torch.randint(12, 30, (4, 6)).float()},
)
def _(temperatures, mild, mild_hours):
    expect(mild).values(torch.tensor(picked(temperatures)))
    expect(mild_hours).values(torch.tensor(counted(temperatures)))


@check("chosen.shape", needs=["chosen"])
def _(chosen):
    expect(chosen).rank(1).shape(6)


def each_own(scores, answers):
    return torch.stack([row[place] for row, place in zip(scores, answers.tolist())])


@check("chosen.values", needs=["scores", "answers", "chosen"])
def _(scores, answers, chosen):
    expect(chosen).values(each_own(scores, answers))


@check(
    "chosen.elsewhere",
    needs=["scores", "answers", "chosen"],
    vary={"answers": lambda: torch.tensor([3, 0, 2, 2, 1, 3])},
)
def _(scores, answers, chosen):
    expect(chosen).values(each_own(scores, answers))
