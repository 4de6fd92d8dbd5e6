import os, sys
print("lost?")
sys.stdout.flush()
print("never flushed", end="")
os._exit(7)
