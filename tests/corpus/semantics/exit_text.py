import sys
print("before")
sys.exit("a sentence as status")
