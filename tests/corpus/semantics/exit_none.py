import atexit, sys
atexit.register(print, "at exit")
try:
    raise SystemExit(None)
finally:
    print("finally")
