class Recorded(dict):
    log = []

    def __getitem__(self, key):
        self.log.append(key)
        return super().__getitem__(key)


class Meta(type):
    @classmethod
    def __prepare__(mcs, name, bases):
        return Recorded()


class Body(metaclass=Meta):
    x = 0
    for i in range(2):
        x += i
    a, b = 1, 2
    with open("/dev/null") as handle:
        pass


print(Recorded.log)
