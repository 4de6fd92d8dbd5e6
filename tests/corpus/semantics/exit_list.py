print("x", end="")
raise SystemExit([1, 2])
