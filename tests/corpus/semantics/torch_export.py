import torch


class Plain(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.w = torch.nn.Parameter(torch.ones(3))
        self.register_buffer("b", torch.zeros(3))

    def forward(self, x, scale=2.0):
        y = x.sin() * self.w
        z, k = y + self.b, y.shape[0]
        out = {"z": z * scale, "k": [z.sum(), k]}
        return out


x = torch.ones(2, 3)
program = torch.export.export(Plain(), (x,))
print(program.graph_module.code, program.graph_signature)
print(program.module()(x))
batch = torch.export.Dim("batch")
dynamic = torch.export.export(Plain(), (x,), dynamic_shapes={"x": {0: batch}})
print(dynamic.graph_module.code, dynamic.range_constraints)
strict = torch.export.export(Plain(), (x,), strict=True)
print(strict.graph_module.code)


class Control(torch.nn.Module):
    def forward(self, x):
        def yes(t):
            u = t + 1
            return u.sin()

        def no(t):
            return t - 1

        return torch.cond(x.sum() > 0, yes, no, (x,))


print(torch.export.export(Control(), (x,)).graph_module.code)
