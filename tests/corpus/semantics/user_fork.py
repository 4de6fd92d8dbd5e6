import os
import sys
import threading

print("parent starts", flush=True)
x = [1, 2, 3]
pid = os.fork()
if pid == 0:
    y = [v * 2 for v in x]
    print("child", y, flush=True)
    os._exit(3)
_, status = os.waitpid(pid, 0)
print("child left with", os.waitstatus_to_exitcode(status))
sys.stdout.flush()
pid = os.fork()
if pid == 0:
    print("second child exits by sys.exit")
    sys.exit(4)
_, status = os.waitpid(pid, 0)
print(os.waitstatus_to_exitcode(status), threading.active_count())
r, w = os.pipe()
if not os.fork():
    os.close(r)
    with os.fdopen(w, "w") as out:
        out.write("through a pipe")
    os._exit(0)
os.close(w)
print(os.fdopen(r).read())
os.wait()
try:
    os.wait()
except ChildProcessError as error:
    print(error)
