"""What the challenge of the first lesson asks of the learner's tensors.

`example` is the F of steps 1 and 2: step 3 binds the name F again.
"""


@check("row.shape", needs=["F_new"])
def _(F_new):
    expect(F_new).shape(1, 10)


@check("row.values", needs=["example", "F_new"])
def _(example, F_new):
    expect(F_new).values(example.reshape(1, 10))


@check("product.shape", needs=["output"])
def _(output):
    expect(output).shape(1, 5)


@check("product.values", needs=["example", "W", "output"])
def _(example, W, output):
    expect(output).values(example.reshape(1, 10) @ W)


@check("flat.shape", needs=["F_flat"])
def _(F_flat):
    expect(F_flat).shape(50)


@check("flat.values", needs=["F", "F_flat"])
def _(F, F_flat):
    expect(F_flat).values(F.reshape(50))
