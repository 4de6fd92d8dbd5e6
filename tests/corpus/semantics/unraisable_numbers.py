import decimal
import fractions
import math
import re
import textwrap

total = 0
for i in range(200000):
    total += i * i % 7
print(total)
s = "".join(chr(97 + i % 26) for i in range(100))
print(re.sub(r"(\w)(\w)", lambda m: m.group(2) + m.group(1), s)[:20], textwrap.fill(s, 30))
print(decimal.Decimal("1.1") + 2, fractions.Fraction(1, 3) * 3, math.isclose(0.1 + 0.2, 0.3), 10**50 // 3, 7 // -2, -7 % 3, divmod(7, 2))
matrix = [[i * j for j in range(4)] for i in range(4)]
transposed = list(zip(*matrix))
matrix[1][2] += 5
matrix[0], matrix[1] = matrix[1], matrix[0]
print(matrix, transposed, sum(map(sum, matrix)))
words = {}
for word in "the cat the dog the end".split():
    words[word] = words.get(word, 0) + 1
print(sorted(words.items(), key=lambda kv: (-kv[1], kv[0])))


def primes(n):
    sieve = [True] * n
    for i in range(2, int(n**0.5) + 1):
        if sieve[i]:
            sieve[i * i :: i] = [False] * len(sieve[i * i :: i])
    return [i for i in range(2, n) if sieve[i]]


print(primes(50))
b = bytearray(b"abc")
b[0] = 65
b += b"d"
b[1:2] = b"ZZ"
print(b, memoryview(b)[1:3].tobytes())


class Vec:
    def __init__(self, *v): self.v = v
    def __add__(self, o): return Vec(*(a + b for a, b in zip(self.v, o.v)))
    def __repr__(self): return f"Vec{self.v}"
    def __iter__(self): return iter(self.v)


a, b = Vec(1, 2), Vec(3, 4)
a += b
x, y = a
print(a, x, y, [*a], max(a))
print(1 / 0 if False else "end")
