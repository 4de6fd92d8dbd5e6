import gc
import os
import resource
import signal
import sys
import time

print([signal.getsignal(s) for s in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE, signal.SIGCHLD, signal.SIGALRM)])
print(signal.pthread_sigmask(signal.SIG_BLOCK, []), signal.set_wakeup_fd(-1))


def handler(number, frame):
    print("signal", signal.Signals(number).name, frame.f_code.co_name)


signal.signal(signal.SIGUSR1, handler)
os.kill(os.getpid(), signal.SIGUSR1)
signal.signal(signal.SIGALRM, handler)
signal.setitimer(signal.ITIMER_REAL, 0.01)
signal.pause()
try:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(1)
except KeyboardInterrupt:
    print("interrupted")
print(gc.isenabled(), gc.get_threshold(), gc.get_debug(), gc.garbage)
print(sys.flags, sys.dont_write_bytecode, sys.getswitchinterval(), sys.version_info[:2])
print(sys.executable, sys.prefix, sys.orig_argv[1:] if False else "", sys.getrecursionlimit(), os.nice(0), os.umask(0o22))
print(resource.getrlimit(resource.RLIMIT_NOFILE), resource.getrlimit(resource.RLIMIT_STACK), resource.getrlimit(resource.RLIMIT_CORE))
print(sorted(k for k in os.environ if "TENSORHINTS" in k.upper()), os.environ.get("MPLBACKEND") in (None, "Agg"))
print(len(os.sched_getaffinity(0)) > 0, time.get_clock_info("time").adjustable, sys.stdin.read())
try:
    input("question? ")
except EOFError as error:
    print("EOF")
