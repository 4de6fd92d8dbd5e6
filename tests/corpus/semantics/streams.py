import io
import os
import sys

print("plain", flush=True)
sys.stdout.write("no newline")
sys.stdout.flush()
print()
sys.stdout.flush()
print("é 😀 𝔽 \x00 \x1b[31mred\x1b[0m")
sys.stderr.write("err\n")
print(sys.stdout.encoding, sys.stderr.encoding, sys.stdout.errors, sys.stderr.errors)
print(sys.stdout.isatty(), sys.stdin.isatty(), sys.stdout.name, sys.stdout.mode, sys.stdout.fileno(), sys.stderr.fileno())
print(type(sys.stdout).__name__, type(sys.stdout.buffer).__name__, sys.stdout is sys.__stdout__)
sys.stdout.flush()
sys.stdout.buffer.write(b"bytes\n")
sys.stdout.flush()
os.write(1, b"by descriptor\n")
os.write(2, b"errors by descriptor\n")
sys.stdout.reconfigure(line_buffering=True, errors="replace")
print("\udcff", sys.stdout.line_buffering)
with open("/dev/null") as handle:
    print("first own descriptor", handle.fileno())
capture = io.StringIO()
old, sys.stdout = sys.stdout, capture
print("captured")
sys.stdout = old
print(repr(capture.getvalue()))
import contextlib

with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(out):
    print("redirected")
    print("both", file=sys.stderr)
print(repr(out.getvalue()))
os.system("echo from a shell")
import subprocess

print(subprocess.run(["sh", "-c", "echo child; echo child err >&2; exit 3"]).returncode)
print(subprocess.run([sys.executable, "-c", "import sys; print(sys.argv, 'main' in __name__)"], capture_output=True, text=True).stdout)
print("tail without newline", end="")
