import traceback

import numbers


def deep(n):
    return 1 / n if n == 0 else deep(n - 1) + 1


class Thing:
    factor = {"a": [1, 2, 3]}

    def method(self, key, *, index=0):
        value = self.factor[key][index] + self.missing(index)
        return value

    @property
    def prop(self):
        return self.factor["zz"]

    @staticmethod
    def static(a, b):
        return a.x.y + b

    def __call__(self, x):
        return (x
                .real
                .nothing)


def nested(f, g):
    return f(g(1), g(
        "two"), key=g(3))


def gen():
    yield 1
    yield [n / 0 for n in range(2)]


def loops():
    for i in range(3):
        with open("/nonexistent/file") as handle:
            data = handle.read()


def assertion(x):
    assert x > 3 and x.bit_length() == 2, f"{x} is small"


def unpack(pair):
    a, (b, c) = pair
    return a


def augmented():
    d = {}
    d["k"] += 1


def deleted():
    x = 1
    del x
    return x + 1


def keyword(a, *, b):
    return a


cases = [
    lambda: deep(2),
    lambda: Thing().method("a", index=1),
    lambda: Thing().method("b"),
    lambda: Thing().prop,
    lambda: Thing.static(1, 2),
    lambda: Thing()(1 + 1),
    lambda: nested(lambda a, b, key: a, lambda v: v + 1),
    lambda: list(gen()),
    loops,
    lambda: assertion(1),
    lambda: unpack((1, (2, 3, 4))),
    lambda: unpack(5),
    augmented,
    deleted,
    lambda: keyword(1),
    lambda: keyword(1, 2, b=3),
    lambda: [x.y for x in [1]],
    lambda: {k: v[0] for k, v in {"a": 1}.items()},
    lambda: sum(x["q"] for x in [{}]),
    lambda: (lambda q: q @ q)(3) + 1,
    lambda: sorted([1, "a"], key=lambda t: t + 1),
    lambda: print(undefined_name),
    lambda: "a" < 1 < 2,
    lambda: not (-"x"),
    lambda: [1, 2][10:20][0],
    lambda: f"{1/0:>3}",
    lambda: numbers.Nmber,
    lambda: int("x" * 3, base=10),
    lambda: exec("1 +* 2"),
    lambda: eval("(1).foo(2)"),
    lambda: next(iter([])),
    lambda: max([]),
    lambda: (yield_ := [] + ()),
]
for case in cases:
    try:
        case()
    except Exception as error:
        traceback.print_exc()
        tb = error.__traceback__
        while tb:
            print(tb.tb_frame.f_code.co_name, tb.tb_lineno, end="; ")
            tb = tb.tb_next
        print(type(error).__name__, error.args)
value = Thing().method(
    "a",
    index=2,
) + nested(1, 2)
