def f(n):
    x = n + 1
    return f(x)


f(0)
