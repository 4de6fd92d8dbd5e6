import abc
import collections
import copy
import dataclasses
import enum
import functools
import pickle
import typing
from typing import NamedTuple, TypedDict


@dataclasses.dataclass(order=True, frozen=True)
class Point:
    x: int
    y: list = dataclasses.field(default_factory=lambda: [1, 2], compare=False)
    z: typing.ClassVar[int] = 3 + 4

    def total(self):
        s = self.x + sum(self.y)
        return s


@dataclasses.dataclass(slots=True, kw_only=True)
class Slotted:
    a: int
    b: int = 2 * 3

    def __post_init__(self):
        self.b = self.b + self.a


class Colour(enum.Enum):
    def _generate_next_value_(name, start, count, last_values):
        return name.lower()

    RED = 1 + 1
    GREEN = enum.auto()
    ALIAS = RED

    @property
    def double(self):
        return self.value * 2


class Flags(enum.Flag):
    A = enum.auto()
    B = enum.auto()
    AB = A | B


class Recorded(dict):
    def __init__(self):
        self.log = []

    def __setitem__(self, key, value):
        self.log.append(("set", key))
        super().__setitem__(key, value)

    def __getitem__(self, key):
        self.log.append(("get", key))
        return super().__getitem__(key)


class Meta(type):
    @classmethod
    def __prepare__(mcs, name, bases, **kw):
        return Recorded()

    def __new__(mcs, name, bases, namespace, **kw):
        cls = super().__new__(mcs, name, bases, dict(namespace))
        cls.log = namespace.log
        cls.order = list(namespace)
        return cls


class Custom(metaclass=Meta, option=1):
    x = len([1, 2]) + 1
    y = x * 2
    squares = [n * n for n in range(3)]
    first, *others = squares
    if y > 3:
        big = True
    with open("/dev/null") as handle:
        text = handle.read()
    def method(self, *, k=x):
        return __class__, k

    class Inner:
        z = 1

class Forgetful(enum.Enum):
    _ignore_ = ["k"]
    k = 1
    for k in range(2):
        vars()[f"V{k}"] = k * 10


class Base(abc.ABC):
    registry = []

    def __init_subclass__(cls, /, tag=None, **kw):
        cls.registry.append((cls.__name__, tag, sorted(k for k in vars(cls) if not k.startswith("__"))))

    @abc.abstractmethod
    def f(self): ...


class Child(Base, tag="t"):
    attr = 5

    def f(self):
        return super().f


class Slots:
    __slots__ = ("a", "__b", "__dict__")

    def __init__(self):
        self.a = 1
        self.__b = self.a + 1

    def get(self):
        return self.__b


class Named(NamedTuple):
    t: int
    k: int = 2 * 3

    def both(self):
        return self.t + self.k


class Movie(TypedDict, total=False):
    name: str
    year: int


class Descriptor:
    def __set_name__(self, owner, name):
        self.name = name
        print("set_name", owner.__name__, name)

    def __get__(self, obj, owner=None):
        return (self.name, obj is None)

    def __set__(self, obj, value):
        print("set", self.name, value)


class Uses:
    d = Descriptor()
    e = d

    def __init__(self):
        self.d = 1 + 1
        self.e: int = 5


print(Point(1) == pickle.loads(pickle.dumps(Point(1))), Point(2).total(), Point(1) < Point(2), Point.__module__)
print(Slotted(a=1), Slotted.__slots__, dataclasses.fields(Slotted)[1].default, dataclasses.asdict(Slotted(a=2)))
print(list(Colour), Colour.RED.double, Colour(2), pickle.loads(pickle.dumps(Colour.GREEN)), list(Flags), Flags.AB)
print(Custom.order, Custom.x, Custom().method()[0] is Custom, sorted(k for k in vars(Custom) if k[0] != "_"))
print(list(Forgetful), Base.registry)
print(Slots().get(), Slots.__slots__, sorted(Slots().__dict__), Named(1).both(), Named._fields, Named.__annotations__, Movie.__annotations__)
print(pickle.loads(pickle.dumps(Named(1, 2))), copy.deepcopy(Slots()).get(), pickle.dumps(Point(1)))
print(Uses.d, Uses().d, Uses().e)
print(typing.get_type_hints(Point), typing.get_type_hints(Named), Custom.Inner.__qualname__, Point.total.__qualname__)
try:
    Base()
except TypeError as error:
    print(error)
try:
    Point(1).x = 2
except dataclasses.FrozenInstanceError as error:
    print(error)


@functools.singledispatch
def show(v):
    return "any"


@show.register
def _(v: int):
    return "int"


@show.register(list)
def _(v):
    return "list"


print(show(1), show([]), show("x"))


@functools.total_ordering
class Version:
    def __init__(self, n): self.n = n
    def __eq__(self, o): return self.n == o.n
    def __lt__(self, o): return self.n < o.n


print(Version(1) >= Version(0), collections.namedtuple("P", "a b")(1, 2))
print([line for line in (Point.__doc__, Colour.__doc__, Named.__doc__)])
