def f():
    raise KeyboardInterrupt
print("start")
f()
