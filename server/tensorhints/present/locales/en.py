"""English."""

WORDS = {
    # ---- user messages: one clear sentence that says what to do
    "no-interpreter": (
        "No Python interpreter was found: install Python 3.9 or later, or name one in the setting "
        "tensorhints.run.interpreter."
    ),
    "python-too-old": (
        "This Python interpreter is too old: choose version 3.9 or later in the setting "
        "tensorhints.run.interpreter."
    ),
    "python-too-old.detail": (
        "The Python interpreter has version {detail}: choose version 3.9 or later in the setting "
        "tensorhints.run.interpreter."
    ),
    "no-torch": (
        "PyTorch is not installed in the chosen Python interpreter: run “pip install torch” there, "
        "or choose another one in the setting tensorhints.run.interpreter."
    ),
    "no-torch.detail": (
        "PyTorch is not installed in {detail}: run “{detail} -m pip install torch”, or choose "
        "another interpreter in the setting tensorhints.run.interpreter."
    ),
    "torch-too-old": "This PyTorch is too old: upgrade it to version 2.4 or later.",
    "torch-too-old.detail": "PyTorch {detail} is too old: upgrade it to version 2.4 or later.",
    "torch-broken": (
        "PyTorch is installed but cannot be imported: reinstall it in the chosen interpreter."
    ),
    "torch-broken.detail": (
        "PyTorch is installed but cannot be imported ({detail}): reinstall it in the chosen "
        "interpreter."
    ),
    "host-keeps-crashing": (
        "The process that runs your programs keeps crashing: run “tensorhints doctor” to see why, "
        "then restart the language server."
    ),
    "host-keeps-crashing.detail": (
        "The process that runs your programs keeps crashing ({detail}): run “tensorhints doctor” "
        "to see why, then restart the language server."
    ),
    "wire-broken": (
        "The process that runs your programs sent something unreadable and was restarted: run the "
        "file again."
    ),
    "wire-broken.detail": (
        "The process that runs your programs sent something unreadable ({detail}) and was "
        "restarted: run the file again."
    ),
    "no-cuda": (
        "There is no CUDA device that PyTorch can use here: choose the device “simulated” to see "
        "shapes, or “auto” or “cpu” to compute."
    ),
    "no-cuda-build.detail": (
        "This PyTorch ({detail}) was built without CUDA: install one that was built with it, or "
        "choose the device “simulated” to see shapes, or “auto” or “cpu” to compute."
    ),
    "no-such-gpu.detail": (
        "There is no device {detail} here: choose one of those that “tensorhints doctor” lists."
    ),
    "no-mps": (
        "There is no mps device (Apple's GPU) here: choose the device “auto” or “cpu” instead."
    ),
    "no-context.detail": (
        "The GPU could not be initialised ({detail}): free it, or choose the device “auto” or "
        "“cpu” instead."
    ),
    "simulated-missing": (
        "The simulated device does not work with this PyTorch: choose the device “auto” or “cpu” "
        "instead."
    ),
    "simulated-missing.detail": (
        "The simulated device does not work with this PyTorch, which lacks {detail}: choose the "
        "device “auto” or “cpu” instead."
    ),
    "needs-real-values": (
        "This line needs real values, which the simulated device does not compute: run the file "
        "on the device “cpu”."
    ),
    "bad-device.detail": (
        "“{detail}” is not a device: use “auto”, “cpu”, “cuda”, “cuda:N”, “mps” or “simulated”."
    ),
    "syntax": "The file does not run because of a syntax error: correct it first.",
    "syntax.detail": "The file does not run because of a syntax error: {detail}",
    "unchanged": "Nothing ran: the code is the same as in the last run.",
    "untrusted": (
        "Nothing runs in a workspace that you do not trust: trust it in your editor to see its "
        "tensors."
    ),
    "no-document": "No Python file is open: open one and run again.",
    "not-a-python-file": "This is not a Python file: open one that ends in .py.",
    "not-a-python-file.detail": "{detail} is not a Python file: open one that ends in .py.",
    "no-such-file.detail": "There is no file {detail}: check its name.",
    "is-a-directory.detail": "{detail} is a folder: name a Python file in it.",
    "unreadable-file.detail": "{detail} cannot be read: check its permissions and its encoding.",
    "unknown-uri": "That file is not open: open it and try again.",
    "unknown-uri.detail": "{detail} is not open: open it and try again.",
    "not-run": "This file has not been run yet: run it to see its tensors.",
    "tensor-still-running": (
        "The program is still running: try again when it has ended, or stop it first."
    ),
    "tensor-no-checkpoint": (
        "The program's final state is no longer in memory: run the file again to inspect its "
        "tensors."
    ),
    "tensor-not-here": "Values can be inspected only on Linux: print what you want to see instead.",
    "tensor-too-large": (
        "The program's final state takes too much memory to be kept: make its tensors smaller, or "
        "print what you want to see."
    ),
    "tensor-no-answer": (
        "Inspecting the tensor took too long: try again, or select a smaller part of it."
    ),
    "tensor-unreadable.detail": (
        "This tensor cannot be inspected ({detail}): assign a copy of it to a name, for example "
        "x.clone()."
    ),
    "no-tensors": "The program holds no tensor at its end: assign one to a name and run again.",
    "no-such-tensor.detail": (
        "There is no “{detail}” at the end of the program: choose one of the names in the list."
    ),
    "not-a-tensor.detail": (
        "“{detail}” is neither a tensor nor a NumPy array: name something inside it, such as "
        "{detail}.weight or {detail}[0]."
    ),
    "bad-slice.detail": (
        "“{detail}” does not fit the shape: write an index or “:” for each dimension, and “:” for "
        "at most two of them."
    ),
    "values-meta": "A tensor on the device “meta” has a shape, but no values.",
    "values-simulated": (
        "A simulated tensor has no values: choose the device “cpu” or “cuda” to see them."
    ),
    "values-nested": (
        "A nested tensor has no single shape to draw: assign one of its parts to a name, for "
        "example x.unbind()[0]."
    ),
    "values-elsewhere.detail": (
        "The values are on {detail}, where only the program itself can read them: assign x.cpu() "
        "to a name to see them here."
    ),
    "values-wrapped": (
        "This tensor has no values of its own: assign the plain tensor inside it to a name to see "
        "them."
    ),
    "values-too-many": (
        "This quantized tensor is too large to inspect: assign a part of it to a name."
    ),
    "values-unreadable.detail": (
        "Its values cannot be read ({detail}): assign a copy with another dtype to a name, for "
        "example x.float()."
    ),
    "values-no-numbers.detail": "An array of dtype {detail} contains no numbers to draw.",
    "bad-argument.detail": "The command's argument is wrong: {detail}",
    "hides-library.detail": (
        "In this folder, {detail} hides a module of Python's standard library: under plain Python, "
        "imports (those of torch included) find this file in its place. This run used the standard "
        "library; rename the file."
    ),
    "stdin-closed": (
        "The program asked for input with input(), but nothing can be typed here: assign the "
        "value in the code instead."
    ),
    "exit.reason": "exit status {status}: {reason}",
    "exit.silent": "exit status {status}",
    "exit.arguments": (
        "Programs get their arguments from the setting tensorhints.run.args, a list such as "
        '["--epochs", "3"].'
    ),
    "cli.exit.arguments": (
        "Programs get their arguments after “--”: tensorhints run FILE -- --epochs 3"
    ),
    "timed-out": (
        "The program was stopped by its time limit: raise tensorhints.run.timeoutSeconds if it "
        "needs longer."
    ),
    "timed-out.detail": (
        "The program was stopped after {detail} s, its time limit: raise "
        "tensorhints.run.timeoutSeconds if it needs longer."
    ),
    "timed-out.detail.line": (
        "The program was stopped after {detail} s, its time limit, at line {line}: raise "
        "tensorhints.run.timeoutSeconds if it needs longer."
    ),
    "timed-out.line": (
        "The program was stopped by its time limit at line {line}: raise "
        "tensorhints.run.timeoutSeconds if it needs longer."
    ),
    "suspended": "Nothing happened any more: the program is suspended, and can be continued.",
    "suspended.detail": (
        "Nothing was printed or observed for {detail} s: the program is suspended. Continue lets "
        "it run on without a limit; tensorhints.run.timeoutSeconds changes the limit."
    ),
    "suspended.detail.line": (
        "Nothing was printed or observed for {detail} s: the program is suspended at line {line}. "
        "Continue lets it run on without a limit; tensorhints.run.timeoutSeconds changes the limit."
    ),
    "suspended.line": "Nothing happened any more: the program is suspended at line {line}.",
    "stopped": "The program was stopped.",
    "stopped.line": "The program was stopped at line {line}.",
    "superseded": "A newer edit stopped this run.",
    "out-of-memory": (
        "The program needed more memory than its limit: make its tensors smaller, or raise "
        "tensorhints.run.memoryLimitMb."
    ),
    "out-of-memory.detail": (
        "The program needed more memory than its limit of {detail}: make its tensors smaller, or "
        "raise tensorhints.run.memoryLimitMb."
    ),
    "out-of-memory.line": (
        "The program needed more memory than its limit at line {line}: make its tensors smaller, "
        "or raise tensorhints.run.memoryLimitMb."
    ),
    "out-of-memory.detail.line": (
        "The program needed more memory than its limit of {detail} at line {line}: make its "
        "tensors smaller, or raise tensorhints.run.memoryLimitMb."
    ),
    "gpu-out-of-memory.detail": "{detail} has no memory left: make the program's tensors smaller.",
    "gpu-out-of-memory.detail.line": (
        "{detail} had no memory left at line {line}: make the program's tensors smaller."
    ),
    "crashed": "The program crashed the Python interpreter itself.",
    "crashed.detail": "The program crashed the Python interpreter itself ({detail}).",
    "crashed.line": "The program crashed the Python interpreter itself at line {line}.",
    "crashed.detail.line": (
        "The program crashed the Python interpreter itself ({detail}) at line {line}."
    ),
    "killed": "A signal ended the program.",
    "killed.detail": "The signal {detail} ended the program.",
    "runner-killed": (
        "The process that runs your programs was killed and restarts automatically: run the file "
        "again."
    ),
    "output-truncated": (
        "The program printed more than the limit, and the rest is not shown: raise "
        "tensorhints.run.outputLimitKb to see it."
    ),
    "output-truncated.detail": (
        "The program printed more than {detail}, and the rest is not shown: raise "
        "tensorhints.run.outputLimitKb to see it."
    ),
    "bad-setting": (
        "The setting {name} cannot be {value}: {expected}. Its default, {default}, is used."
    ),
    "unknown-setting": "There is no setting {name}: check its spelling.",
    "cannot-rename": (
        "Nothing here can be renamed: the name is not bound in this workspace, or it is bound "
        "outside of it too."
    ),
    "changed-meanwhile": "A file has changed in the meantime: save all files and try again.",
    "not-a-name": "Nothing was typed: choose a name.",
    "not-a-name.detail": (
        "“{detail}” is not a name in Python: use letters, digits and underscores, do not begin "
        "with a digit, and do not use a reserved word."
    ),
    "internal-error": (
        "Something went wrong inside Tensor Hints: the server's log has the details, please report "
        "it."
    ),
    "internal-error.detail": (
        "Something went wrong inside Tensor Hints ({detail}): the server's log has the details, "
        "please report it."
    ),
    "no-interpreter.detail": (
        "The Python interpreter {detail} could not be started: correct the setting "
        "tensorhints.run.interpreter."
    ),
    "exited-early": (
        "The program ended its own process, as os._exit does, so its final values are not known."
    ),
    "exited-early.detail": (
        "The program ended its own process with exit status {detail}, as os._exit does, so its "
        "final values are not known."
    ),
    "no-directory": (
        "The working directory cannot be entered: correct the setting tensorhints.run.cwd."
    ),
    "no-directory.detail": (
        "The working directory cannot be entered ({detail}): correct the setting "
        "tensorhints.run.cwd."
    ),
    "warm-up-timeout": (
        "Python and PyTorch took too long to start: run “tensorhints doctor” to see why."
    ),
    "warm-up-timeout.detail": (
        "Python and PyTorch did not start within {detail} s: run “tensorhints doctor” to see why."
    ),
    # ---- what a setting may be
    "expected.boolean": "it must be true or false",
    "expected.text": "it must be a string",
    "expected.texts": "it must be a list of strings",
    "expected.variables": "it must be an object whose values are strings",
    "expected.number": "it must be a number of at least 0",
    "expected.whole-number": "it must be an integer of at least 0",
    "expected.device": "it must be auto, cpu, cuda, cuda:N, mps or simulated",
    "expected.one-of": "it must be one of {choices}",
    # ---- why a run was that of the whole file
    "whole.requested": "The whole file ran, as requested.",
    "whole.first-run": "The whole file ran: it was its first run.",
    "whole.new-host": "The whole file ran again: Python has been started anew since its last run.",
    "whole.checkpoints-off": "The whole file ran again: checkpoints are turned off.",
    "whole.single-use": (
        "The whole file ran again: here each run has a process of its own, without checkpoints."
    ),
    "whole.simulated": "The whole file ran again: simulated runs have no checkpoints.",
    "whole.compiler-warning": (
        "The whole file ran again: Python warns about its syntax, and such a file has no "
        "checkpoints."
    ),
    "whole.nothing-kept": (
        "The whole file ran again: what is above the edit is too quick for a checkpoint."
    ),
    "whole.memory-limit": (
        "The whole file ran again: its checkpoints were removed to free memory."
    ),
    "whole.checkpoint-lost": (
        "The whole file ran again: the process of a checkpoint had ended or did not respond."
    ),
    "whole.settings": "The whole file ran again: the settings of its run have changed.",
    "whole.executed-code.detail": (
        "The whole file ran again: the edit changed code that had run above line {detail}, where "
        "its first checkpoint was."
    ),
    "whole.definition-used.detail": (
        "The whole file ran again: code above line {detail}, where its first checkpoint was, may "
        "have used what the edit changed."
    ),
    "whole.positions-used.detail": (
        "The whole file ran again: code above line {detail}, where its first checkpoint was, may "
        "have used line numbers that the edit changed."
    ),
    "whole.modules-changed.detail": (
        "The whole file ran again: {detail} has changed, which the program had imported."
    ),
    "whole.files-changed.detail": (
        "The whole file ran again: {detail} has changed, which the program had written or may have "
        "read."
    ),
    "whole.file-appended.detail": (
        "The whole file ran again: {detail} has grown, to which the program appends."
    ),
    "whole.file-removed.detail": (
        "The whole file ran again: {detail} was removed, which the program had open."
    ),
    "whole.file-locked": (
        "The whole file ran again: another program has locked a file that it had locked."
    ),
    "whole.not-resumable": (
        "The whole file ran again: its functions or modules could not take over the new text."
    ),
    "whole.file-missing": (
        "The whole file ran again: a file was missing when it resumed from a checkpoint."
    ),
    "whole.free-threaded.detail": (
        "The whole file ran again: this Python has no global interpreter lock, so no checkpoint "
        "was created at line {detail}."
    ),
    "whole.threads.detail": "The whole file ran again: threads were running at line {detail}.",
    "whole.child-processes.detail": (
        "The whole file ran again: child processes were running at line {detail}."
    ),
    "whole.gpu.detail": "The whole file ran again: a GPU was in use at line {detail}.",
    "whole.timers.detail": "The whole file ran again: an alarm was set at line {detail}.",
    "whole.shared-memory.detail": (
        "The whole file ran again: memory or locks were shared with other processes at line "
        "{detail}."
    ),
    "whole.connections.detail": (
        "The whole file ran again: a pipe or network connection was open at line {detail}."
    ),
    "whole.files.detail": (
        "The whole file ran again: a file was being rewritten or was locked at line {detail}."
    ),
    "whole.native-threads.detail": (
        "The whole file ran again: threads outside Python were running at line {detail}."
    ),
    "whole.failed-cell.detail": (
        "The whole file ran again: a cell had failed above line {detail}."
    ),
    "whole.process-id.detail": (
        "The whole file ran again: above line {detail}, the program had used the id of its process."
    ),
    "whole.no-memory.detail": (
        "The whole file ran again: there was not enough memory for a checkpoint at line {detail}."
    ),
    # ---- code lenses, actions, progress
    "lens.run": "▶ Run",
    "lens.stop": "■ Stop",
    "lens.continue": "▶ Continue",
    "lens.suspended": "⏸ suspended: nothing new · {time}",
    "lens.suspended.line": "⏸ suspended at line {line}: nothing new · {time}",
    "lens.warming": "… starting Python and PyTorch",
    "lens.running": "… running",
    "lens.running.device": "… running · {device}",
    "lens.finished": "✓ finished in {time}",
    "line-of-cell": "{line} of cell {cell}",
    "expected-failure": "Expected, as the cell is tagged raises-exception: {message}",
    "lens.failed": "✗ failed · {time}",
    "lens.failed.line": "✗ failed at line {line} · {time}",
    "lens.stopped": "■ stopped · {time}",
    "lens.stopped.line": "■ stopped at line {line} · {time}",
    "lens.timedOut": "✗ time limit · {time}",
    "lens.timedOut.line": "✗ time limit at line {line} · {time}",
    "lens.outOfMemory": "✗ out of memory · {time}",
    "lens.outOfMemory.line": "✗ out of memory at line {line} · {time}",
    "lens.crashed": "✗ crashed · {time}",
    "lens.crashed.line": "✗ crashed at line {line} · {time}",
    "lens.exit-status": "✗ exit status {status} · {time}",
    "lens.exit-status.line": "✗ exit status {status} at line {line} · {time}",
    "lens.superseded": "… newer edit",
    "lens.refused": "✗ did not run",
    "lens.untrusted": "not run: untrusted workspace",
    "action.run": "Run with Tensor Hints",
    "action.run-on": "Run with Tensor Hints on {device}",
    "action.stop": "Stop this program (Tensor Hints)",
    "action.continue": "Continue the suspended run",
    "action.device": "Tensor Hints: use {device}",
    "device.auto": "auto (as plain Python would choose)",
    "device.cpu": "the CPU",
    "device.cuda": "CUDA",
    "device.cuda.index": "CUDA device {index}",
    "device.mps": "Apple's GPU (mps)",
    "device.simulated": "a simulated device (shapes only)",
    "in-force.simulated": "simulated: no values are computed",
    "in-force.auto": "auto: {device}",
    "in-force.auto.no-gpu": "auto: {device}, no GPU visible",
    "in-force.auto.gpus": "auto: {device}, and {gpus} if the program asks for it",
    "in-force.hidden": "{device}: GPUs are hidden from the program",
    "progress.run": "Running {file}",
    "progress.warm": "Starting Python and PyTorch",
    # ---- tooltips
    "tooltip.once": "once",
    "tooltip.count": "{count} times",
    "tooltip.count.lower-bound": "≥ {count} times",
    "tooltip.first": "first",
    "tooltip.last": "last",
    "tooltip.signatures": "{count} different values were seen here",
    "tooltip.more": "and {count} more",
    "tooltip.shape": "shape",
    "tooltip.no-shape": "none (nested tensor)",
    "tooltip.dtype": "dtype",
    "tooltip.device": "device",
    "tooltip.layout": "layout",
    "tooltip.placements": "placements",
    "tooltip.placement.S": "sharded along dimension {argument}",
    "tooltip.placement.R": "replicated",
    "tooltip.placement.P": "partial, still to be reduced",
    "tooltip.class": "class",
    "tooltip.value": "value",
    "tooltip.stride": "strides",
    "tooltip.contiguous": "contiguous",
    "tooltip.not-contiguous": "not contiguous",
    "tooltip.memory": "memory",
    "tooltip.requires-grad": "requires_grad",
    "tooltip.grad-fn": "grad_fn",
    "tooltip.guessed": "≈ depends on a value that the simulated device had to guess",
    "tooltip.some-require-grad": "∇? only some of the values seen here require gradients",
    "tooltip.last-seen": "The last one seen",
    # ---- the command line -----------------------------------------------------------------------
    "cli.help": """\
Tensor Hints runs a Python file and shows every tensor's shape, dtype and device.

  tensorhints run FILE     run FILE once and print it with its hints
  tensorhints serve        the language server, for an editor
  tensorhints lessons      list the course, check lessons, start a new one
  tensorhints doctor       show what would run your code, and what is missing

  tensorhints COMMAND --help     the options of a command
  tensorhints --version

Language: English or Brazilian Portuguese, according to TENSORHINTS_LOCALE or the system's locale.
""",
    "cli.help.run": """\
tensorhints run FILE [OPTION ...] [-- ARG ...]

Runs FILE once and prints what it prints, then its source with every hint drawn where an editor
would draw it, and any failure explained under its line. ARG ... reach the program as sys.argv[1:].

  --device auto|cpu|cuda[:N]|mps|simulated
                           where tensors are: as in plain Python (auto), without a GPU,
                           on a GPU by default, or simulated (shapes only, without values)
  --timeout S              stop the program after S seconds
  --format text|json       text for people, or JSON for other programs
  --interpreter PY         the Python that runs FILE, instead of the one found

Exit status: 0 the program ended well, 1 it failed, 2 it could not be run, 3 stopped by a limit.
""",
    "cli.help.serve": """\
tensorhints serve [--stdio | --tcp HOST:PORT]

The language server. Editors start it and communicate with it over standard input and output
(--stdio, the default); with --tcp it waits for one editor at that address.
""",
    "cli.help.doctor": """\
tensorhints doctor [--editors] [--json] [--interpreter PYTHON] [--device DEVICE]

Shows which Python would run your code and why, its version, PyTorch and devices, which device is in
force and why, how long starting takes, where progress is saved, and how to fix anything missing.
--interpreter and --device are those of “tensorhints run”.

  --editors          list the installed editors instead, with the configuration each needs
  --json             print JSON

Exit status: 0 all is well, 1 something is missing.
""",
    "cli.no-command": "Name a command: “tensorhints --help” lists them.",
    "cli.unknown-command": "There is no command “{text}”: “tensorhints --help” lists them.",
    "cli.bad-option": "The option {option} needs a value: see “tensorhints --help”.",
    "cli.unknown-argument": (
        "“{text}” is not an argument here: see --help. A program's own arguments go after --."
    ),
    "cli.no-notebook": "{path} is not a notebook that Jupyter could have written.",
    "cli.cell": "cell {cell}",
    "cli.bad-usage": "This command line is not valid ({detail}): see “tensorhints --help”.",
    "cli.stdio-or-tcp": "Choose one of --stdio and --tcp: the server serves one editor.",
    "cli.no-file": "Name the Python file to run: “tensorhints run FILE”.",
    "cli.bad-format": "“{text}” is not a format: use text or json.",
    "cli.bad-timeout": "“{text}” is not a time limit: use a number of seconds above 0.",
    "cli.bad-address": "“{text}” is not an address: use HOST:PORT, such as 127.0.0.1:2087.",
    "cli.cannot-listen": "The server cannot listen at {address}: {reason}.",
    "cli.no-text": (
        "{path} is not text in UTF-8: save it as UTF-8, or declare its encoding in its first line."
    ),
    "cli.no-interpreter": (
        "No Python interpreter was found: install Python 3.9 or later, or name one with "
        "--interpreter."
    ),
    "cli.no-interpreter.detail": (
        "There is no Python interpreter at {detail}: name another one with --interpreter."
    ),
    "cli.python-too-old.detail": (
        "The Python interpreter has version {detail}: name one with version 3.9 or later with "
        "--interpreter."
    ),
    "cli.no-torch": (
        "PyTorch is not installed in the chosen Python interpreter: run “pip install torch” there, "
        "or name another one with --interpreter."
    ),
    "cli.no-torch.detail": (
        "PyTorch is not installed in {detail}: run “{detail} -m pip install torch”, or name "
        "another interpreter with --interpreter."
    ),
    "cli.timed-out.detail": "The program was stopped after {detail} s, as --timeout asked.",
    "cli.timed-out.detail.line": (
        "The program was stopped after {detail} s, as --timeout asked; it was at line {line}."
    ),
    "cli.raised-in": "raised in {path}:{line}, {function}: {source}",
    "cli.called-from": "called from {path}:{line}, {function}: {source}",
    "cli.was-at": "It was at {path}:{line}.",
    "cli.also-watched": "Also watched, with their number of hints: {files}",
    "doctor.server": "Tensor Hints",
    "doctor.interpreter": "Interpreter",
    "doctor.why": "Chosen because",
    "doctor.python": "Python",
    "doctor.torch": "PyTorch",
    "doctor.devices": "Devices",
    "doctor.device": "In force",
    "doctor.warm": "Ready after",
    "doctor.progress": "Progress kept in",
    "doctor.well": "All is well.",
    "doctor.editors.none": (
        "No known editor was found on PATH: any editor with LSP support can start “tensorhints "
        "serve” for Python files."
    ),
    "doctor.editors.untested": "Based on the editor's documentation; not tested.",
    "doctor.editors.extension": "Install the extension from its .vsix file; it needs no settings.",
    "doctor.editors.write": "Add to {file}:",
    "doctor.editors.write-with": "With {package}, add to {file}:",
    "doctor.editors.too-old": "This version is too old: {version} or later is needed.",
    "doctor.editors.no-command": (
        "The command “tensorhints”, with which editors start the server, is not on PATH: add its "
        "folder, or write its full path in place of “tensorhints” below."
    ),
    "doctor.no-hint": "A program ran, but returned no hint: please report this.",
    "doctor.why.setting": "it is the one that was asked for",
    "doctor.why.own": "Tensor Hints itself is installed in it",
    "doctor.why.PATH": "it is the first python on PATH",
    "doctor.why.variable": "the environment variable {name} names it",
    "doctor.why.workspace": "it is the environment of this folder ({name})",
    # ---- why an operation failed
    "explain.inner-dimensions": "the inner dimensions {left} and {right} differ",
    "explain.batch-dimensions": "the batch dimensions {left} and {right} do not match",
    "explain.product-of-number": (
        "{name} is a single number, and a matrix product needs at least one dimension: use *"
    ),
    "explain.product-rank": "{function} takes a {needed}-D tensor here, but {name} is {rank}-D",
    "explain.product-types": (
        "the types {left} and {right} differ, and a product needs the same on both sides"
    ),
    "explain.linear-function": (
        "the last dimension of the input is {given}, but the weight was made for {expected}"
    ),
    "explain.einsum-count": (
        "the equation names {terms} operands, but the number of tensors given is {given}"
    ),
    "explain.einsum-rank": "tensor {index} is {rank}-D, but “{term}” is for {letters}-D",
    "explain.einsum-sizes": (
        "“{letter}” is {left} in tensor {left_index} and {right} in tensor {right_index}"
    ),
    "explain.broadcast": (
        "the sizes {left} and {right} at dimension {dimension} differ, and neither is 1"
    ),
    "explain.in-place-shape": (
        "the result has shape {shape}, which does not fit into {name} in place"
    ),
    "explain.in-place-dtype": (
        "the result is of another type, which does not fit into {name} ({dtype}) in place"
    ),
    "explain.two-unknown-sizes": "only one size of {shape} can be left open with -1",
    "explain.view-divides": "{count} elements do not fit {shape}: {known} does not divide {count}",
    "explain.view-count": "{count} elements do not fit {shape}, which holds {known}",
    "explain.view-order": "the elements of {name} are not in memory in the order that view needs",
    "explain.permute-count": (
        "every dimension must be named: {name} has {rank}, and {given} are given"
    ),
    "explain.permute-twice": "dimension {dimension} is named twice",
    "explain.expand-count": "each dimension needs a size: at least {rank}, and {given} are given",
    "explain.expand-size": (
        "dimension {dimension} has size {size}, and only a size of 1 can be expanded to {wanted}"
    ),
    "explain.no-tensors": "{function} needs at least one tensor, and the list is empty",
    "explain.cat-ranks": "{left} and {right} do not have the same number of dimensions",
    "explain.cat-sizes": (
        "all sizes but dimension {dim} must agree, and dimension {dimension} is {left} here and "
        "{right} there"
    ),
    "explain.stack-sizes": "all shapes must be equal, and {left} and {right} differ",
    "explain.split-sizes": ("the parts add up to {sum}, but dimension {dimension} has size {size}"),
    "explain.dimension": (
        "there is no dimension {dimension}: {name} has {rank}, counted from {low} to {high}"
    ),
    "explain.dimension-range": (
        "there is no dimension {dimension}: only those from {low} to {high} exist"
    ),
    "explain.index": (
        "index {index} does not exist: dimension {dimension} has size {size}, so the last is {last}"
    ),
    "explain.index-empty": "index {index} does not exist: dimension {dimension} is empty",
    "explain.index-number": "{name} is a single number, and there is nothing in it to index",
    "explain.too-many-indices": "the index is for {given} dimensions, but {name} has {rank}",
    "explain.mask-shape": "the mask has shape {mask}, but must have {own} here, as {name} has",
    "explain.index-type": "an index must be of whole numbers or bool, and this one is {dtype}",
    "explain.container-index": "index {index} does not exist: the {type} has length {length}",
    "explain.linear": (
        "Linear was made for a last dimension of {expected} (in_features), but it is {given}"
    ),
    "explain.layer-types": "the input is {given}, but the weights of {module} are {weights}",
    "explain.conv-rank": (
        "{module} needs {plain} dimensions, or {batched} with the batch, but the input has {rank}"
    ),
    "explain.conv-channels": (
        "{module} was made for {expected} channels, but dimension {dimension} of the input is "
        "{given}"
    ),
    "explain.conv-kernel": "the kernel, {kernel}, is larger than the padded input, {input}",
    "explain.norm-rank": "{module} needs {needed} dimensions, but the input has {rank}",
    "explain.norm-features": (
        "{module} was made for {expected} features, but dimension 1 of the input is {given}"
    ),
    "explain.layer-norm": "{module} was made for inputs that end in {expected}, not for {given}",
    "explain.recurrent": (
        "{module} was made for a last dimension of {expected} (input_size), but it is {given}"
    ),
    "explain.embedding-range": (
        "an index does not exist: the embedding has {rows} rows, counted from 0 to {last}"
    ),
    "explain.embedding-type": "an embedding looks up whole numbers, and the input is {dtype}",
    "explain.heads": "{width} (embed_dim) is not divisible by {heads} (num_heads)",
    "explain.state-shape": "{name} has shape {saved} in the saved state, but {own} in this module",
    "explain.state-missing": "the saved state has no {name}, which this module needs",
    "explain.state-unexpected": "the saved state has {name}, which this module does not know",
    "explain.class-target-shape": (
        "for an input {input}, class targets must have shape {wanted}, and these have {target}"
    ),
    "explain.class-target-type": "class targets must be int64, and these are {dtype}",
    "explain.probability-type": (
        "targets of the input's own shape are probabilities and must be float, not {dtype}"
    ),
    "explain.class-target-range": (
        "the target names class {number}, but there are {classes}, counted from 0 to {last}"
    ),
    "explain.binary-target-shape": (
        "input and target must have the same shape, and {input} and {target} differ"
    ),
    "explain.binary-target-type": "the target must be float, and it is {dtype}",
    "explain.backward-twice": (
        "backward already went through this graph, and its saved values are gone"
    ),
    "explain.backward-of-many": (
        "backward starts from a single number, and {name} has {count} elements"
    ),
    "explain.backward-without-graph": (
        "{name} does not require a gradient: nothing that it was made from has requires_grad=True"
    ),
    "explain.numpy-gradient": "{name} requires a gradient, which NumPy cannot follow",
    "explain.numpy-device": "{name} is on {device}, and NumPy only reaches the CPU's memory",
    "explain.item-of-many": "only a single number can be taken out; {name} has {count} elements",
    "explain.truth-of-many": (
        "a condition must be a single true or false, and this has {count} elements, {shape}"
    ),
    "explain.leaf-changed": "{name} requires a gradient and cannot be changed in place",
    "explain.changed-before-backward": (
        "a value that backward still needed was changed in place after it was used"
    ),
    "explain.integer-gradient": "only tensors of float or complex numbers can require a gradient",
    "explain.no-cuda": "this machine has no CUDA device that PyTorch can use",
    "explain.advice.simulated": (
        "Choose the device “simulated” to see the shapes as on a GPU, or keep everything on "
        "the CPU."
    ),
    "explain.devices": (
        "{left_name} is on {left} and {right_name} on {right}, but both must be on one device"
    ),
    "explain.devices-within": (
        "its tensors are on {left} and on {right}, but all must be on one device"
    ),
    "explain.module-device": (
        "the input is on {given}, but the weights of {module} are on {weights}"
    ),
    "explain.generator-device": (
        "random numbers on {device} need a generator of that device, and this one is on {given}"
    ),
    "explain.attribute": "a {type} has no attribute {attribute}",
    "explain.attribute-close": "a {type} has no attribute {attribute}; {close} may be meant",
    "explain.attribute-of-none": "the value is None, which has no attribute {attribute}",
    "explain.member": "{module} has no {attribute}",
    "explain.member-close": "{module} has no {attribute}; {close} may be meant",
    "explain.combination": "{function} does not take arguments of the types ({given})",
    "explain.tensor-called": "a tensor is not a function: index it with [ ], not with ( )",
    "explain.missing-import": "{name} is not imported: begin the file with “{line}”",
    "explain.out-of-memory": "there is not enough memory for this: make the tensors smaller",
    "explain.out-of-gpu-memory": "there is not enough memory left on {device} for this",
    "explain.holders": "What held the memory of {device}:",
    "explain.holder": "{name}: {value}, {memory}",
    "explain.holder.function": "{name} in {function}: {value}, {memory}",
    "explain.inside": "Inside {module}.",
    "explain.inside-given": "Inside {module}, which was given {value}.",
    "explain.earlier": "{name} was {value} when it was last seen.",
    # ---- what would help
    "explain.advice.gpu-memory": (
        "Make the batch smaller, delete what is no longer needed, or turn gradients off with "
        "torch.no_grad()."
    ),
    "explain.advice.transpose": "With {name}{call}, of shape {shape}, they would agree.",
    "explain.advice.matmul": "The operator @ takes tensors of other ranks too.",
    "explain.advice.to-dtype": "{name}.to(torch.{dtype}) would give it the type of the other.",
    "explain.advice.column": "{name}.unsqueeze(1), of shape {shape}, would fit.",
    "explain.advice.reshape": "reshape copies the elements if necessary: use it instead of view.",
    "explain.advice.item": "Get its value with .item().",
    "explain.advice.long": "Convert it with .long().",
    "explain.advice.float": "Convert it with .float().",
    "explain.advice.squeeze": "squeeze(-1) removes the last dimension, of size 1.",
    "explain.advice.input-dtype": "Convert the input with .to(torch.{dtype}).",
    "explain.advice.retain-graph": (
        "Compute the loss again before each backward, or keep the graph with retain_graph=True."
    ),
    "explain.advice.reduce": "Reduce it first, with .sum() or .mean().",
    "explain.advice.detach": "{name}.detach().numpy() leaves the gradient behind.",
    "explain.advice.cpu": "{name}.cpu() copies it there first.",
    "explain.advice.any-all": "Use .any() or .all() to say which of them count.",
    "explain.advice.no-grad": "Change it inside “with torch.no_grad():”.",
    "explain.advice.move": 'Move {name} with .to("{device}").',
    "explain.advice.generator": (
        "Pass generator=torch.Generator('{device}'): a DataLoader that shuffles takes one too."
    ),
    "explain.advice.move-input": 'Move the input with .to("{device}").',
    # ---- the language server
    "cli.not-loopback": (
        "The server listens on this machine alone, not at {address}: use 127.0.0.1 or localhost."
    ),
    "related.frame": "in {function}: {source}",
    # ---- lessons in the editor
    "action.lessons": "Open a lesson… (Tensor Hints)",
    "action.lesson": "Read this lesson's page",
    "action.browser": "Open the lesson's page in a browser",
    "action.inspector": "Inspect the tensors in a browser",
    "action.quiz": "Start the quiz: {title}",
    "action.answer": "Answer: {choice}",
    "action.check": "Check step {number}: {title}",
    "action.hint": "Next hint for step {number}: {title}",
    "action.solution": "Show the solution of step {number}: {title}",
    "action.reset": "Reset this lesson (your work is kept in a backup)",
    "action.next": "Next step: {title}",
    "action.language": "Read the lessons in English",
    "lens.lesson": "Lesson {number}: {title}",
    "lens.quiz": "Quiz",
    "lens.quiz.begun": "Quiz {solved}/{count}",
    "lens.quiz.done": "✓ Quiz",
    "lens.hint": "Hint",
    "lens.solution": "Solution",
    "lens.next": "Next step",
    "lens.step.correct": "✓ Step {number}",
    "lens.step.incorrect": "✗ Step {number}: {message}",
    "lens.step.not_attempted": "○ not started",
    "lens.step.error_in_your_code": "⚠ Step {number}: {message}",
    "lens.step.changed": "… Step {number}",
    "lens.step.cannot_check": "? Step {number}: {message}",
    "lesson.which": "Which lesson would you like to open?",
    "lesson.title": "{number}. {title}",
    "lesson.title.done": "✓ {number}. {title}",
    "lesson.open-yourself": "Open this file to work on the lesson: {path}",
    "lesson.page-yourself": "The lesson's page: {path}",
    "page.address": "Open this address in a browser: {address}",
    "page.no-edit": "The editor did not accept the edit: copy the code from the page.",
    "page.not-opened": "The editor did not open the file: open {path} yourself.",
    "unknown-page.detail": "There is no page “{detail}”: ask for “lesson” or “inspector”.",
    "pages-not-built": (
        "The pages are not built: run `npm ci && npm run build` in the folder vscode-client."
    ),
    "pages-not-served.detail": "The pages cannot be served on this machine: {detail}",
    "quiz.right": "✓",
    "quiz.wrong": "✗",
    "quiz.proof": "{source} gives {output}",
    "quiz.proof-error": "{source} fails: {error}",
    "quiz.try-again": "Try again",
    "quiz.next": "Next question",
    "quiz.pick-an-action": "{question} Answer with a code action in the lesson's file.",
    "hint.shown": "Hint {number} of {count}: {hint}",
    "hint.all-shown": "All {count} hints are shown. The last one: {hint}",
    "solution.shown": "The solution of step {number} is in your file; undo removes it.",
    "solution.message": "The solution of step {number}: {source}",
    "reset.done": "The lesson starts again; your work is kept in {path}.",
    "unknown-lesson.detail": "There is no lesson “{detail}”: open one from the list.",
    "unknown-step.detail": "This lesson has no step “{detail}”.",
    "unknown-choice.detail": "This question has no choice “{detail}”.",
    "unknown-locale.detail": "The lessons are not written in “{detail}”.",
    "no-lessons": "The course is not installed: reinstall Tensor Hints.",
    "no-challenge": "This lesson has no challenge.",
    "no-quiz": "This lesson has no question.",
    "no-hints": "This step has no hints.",
    "not-a-challenge.detail": "The step “{detail}” is not a challenge.",
    "not-a-quiz.detail": "The step “{detail}” is not a question.",
    "lesson-unreadable.detail": "The lesson's file cannot be read or written: {detail}",
    "lesson-not-open": "Open the lesson's file to do this.",
    # ---- the course: messages for authors and learners
    "cli.help.lessons": """\
tensorhints lessons list
tensorhints lessons check [PATH] [--json]
tensorhints lessons new ID [PATH]
tensorhints lessons export [FILE]
tensorhints lessons import FILE

list    the lessons of the course, in order
check   report what is wrong with the lessons, with file and line: reads them, then runs every
        starter, solution and known mistake. PATH is the folder of a course or of one lesson;
        without it, the course in the current folder, or the one installed with Tensor Hints
new     create a lesson at the end of the course: files that pass the check, for you to edit
export  write your progress as JSON, to FILE or to standard output
import  add progress that was exported elsewhere; yours is not lost

How lessons are written: docs/authoring.md.

Exit status: 0 all is well, 1 problems were found, 2 it could not be done.
""",
    "cli.lessons.none": "There is no course in {path}: name the folder that contains course.toml.",
    "cli.lessons.ok": "Lessons: {lessons}. Files run: {files}. All is well.",
    "cli.lessons.found": "{count} problems found.",
    "cli.lessons.found-one": "1 problem found.",
    "cli.lessons.action": (
        "“{text}” is not a command of “tensorhints lessons”: use list, check, new, export or "
        "import."
    ),
    "cli.lessons.no-action": (
        "Name what to do with the lessons: list, check, new, export or import."
    ),
    "cli.lessons.no-id": "Name the new lesson: “tensorhints lessons new einsum”.",
    "cli.lessons.bad-id": (
        "“{text}” is not an id: use lowercase letters, digits and single hyphens."
    ),
    "cli.lessons.taken": "There already is a lesson “{text}”: choose another id.",
    "cli.lessons.cannot-write": "The lesson cannot be written: {reason}.",
    "cli.lessons.no-place": (
        "{path} has no list “lessons = […]” to which the new lesson could be added."
    ),
    "cli.lessons.started": "The lesson “{id}” was created in {path}.",
    "cli.lessons.check-it": "Edit its files, then: tensorhints lessons check {path}",
    "progress-newer.detail": (
        "Your progress was saved by a newer version of Tensor Hints and is left unchanged "
        "({detail}): update Tensor Hints to continue with it."
    ),
    "progress-unreachable.detail": (
        "Your progress cannot be saved ({detail}): what you do now is remembered only until the "
        "editor closes."
    ),
    "progress-no-export.detail": "This is not exported progress ({detail}): nothing was changed.",
    "verdict.correct": "Correct.",
    "verdict.not_attempted": "Not started yet: replace the “...”.",
    "verdict.error_in_your_code": "Your code fails before this can be checked.",
    "verdict.cannot_check": (
        "This could not be checked, which is not your fault: run the file again."
    ),
    "verdict.cannot_check.simulated": (
        "The simulated device computes no values, so this cannot be checked there: choose the "
        "device “cpu”."
    ),
    "verdict.incorrect.missing": "{name} does not exist yet.",
    "verdict.incorrect.type": "{name} is {actual}, expected {expected}.",
    "verdict.incorrect.rank": "{name} has {actual} dimensions, expected {expected}.",
    "verdict.incorrect.shape": "{name} has shape {actual}, expected {expected}.",
    "verdict.incorrect.dtype": "{name} is of the type {actual}, expected {expected}.",
    "verdict.incorrect.device": "{name} is on {actual}, expected {expected}.",
    "verdict.incorrect.requires_grad": "{name} has requires_grad={actual}, expected {expected}.",
    "verdict.incorrect.values": "{name} has the right shape, but other values than expected.",
    "issue.toml": "This is not valid TOML: {detail}.",
    "issue.not-utf8": "This line is not UTF-8: save the file as UTF-8.",
    "issue.unreadable": "The file cannot be read: {detail}.",
    "issue.no-such-file": "This file is missing.",
    "issue.no-such-lesson": "There is no folder {folder}: create it, or remove it from the list.",
    "issue.unlisted-lesson": (
        "The folder {folder} contains a lesson that “lessons” does not list."
    ),
    "issue.repeated-lesson-id": "The id “{id}” is already used by {other}: choose another.",
    "issue.unknown-requirement": "No lesson has the id “{id}”.",
    "issue.cycle": "The lesson “{id}” requires itself through the lessons that it requires.",
    "issue.missing-key": "The key “{key}” is missing.",
    "issue.unknown-key": "The key “{key}” is unknown: check its spelling.",
    "issue.bad-type": "“{key}” must have this form: {wanted}.",
    "issue.other-version": (
        "This is version {found} of the format, but this program supports version {known}."
    ),
    "issue.bad-id": "“{value}” is not an id: use lowercase letters, digits and single hyphens.",
    "issue.bad-locale": "“{value}” is not a language: use a tag such as en or pt-BR.",
    "issue.bad-folder": (
        "“{value}” is not a lesson's folder: use two digits and a name, such as 09-einsum."
    ),
    "issue.bad-file-name": (
        "“{value}” is not a Python file of this folder: use a name such as tensors.py."
    ),
    "issue.bad-check-id": (
        "“{value}” is not a check's id: use the step and what is checked, such as row.shape."
    ),
    "issue.bad-name": "“{value}” is not a Python name.",
    "issue.bad-kind": "A step has the kind theory, quiz or challenge, not “{value}”.",
    "issue.bad-proof-device": "A proof runs on the device cpu or simulated, not on “{value}”.",
    "issue.no-title-in": "The course has no title in the language {language}.",
    "issue.no-steps": "The lesson has no [[step]].",
    "issue.repeated-id": "The id “{id}” appears here a second time.",
    "issue.no-starter": "There is no Python file that the learner opens: write one.",
    "issue.several-starters": "Set “file” to the one that the learner opens: {files}.",
    "issue.no-such-starter": "There is no file {file} for the learner to open.",
    "issue.no-such-checks": "There is no file {file} with the checks of this step.",
    "issue.too-few-choices": "A quiz needs two choices or more.",
    "issue.not-one-correct": "Exactly one choice must be correct; here {count} are.",
    "issue.unknown-step": "lesson.toml has no step “{id}”.",
    "issue.step-without-words": (
        "The step “{id}” has no section here: write “## Title {{#{id}}}” and its text."
    ),
    "issue.step-without-body": "The step “{step}” has a title but no text.",
    "issue.no-choice": "The choice “{id}” has no text under {{#{step}-choices}}.",
    "issue.no-explanation": (
        "The choice “{id}” has no explanation under {{#{step}-explanations}}."
    ),
    "issue.unknown-choice": "The step “{step}” has no choice “{id}”.",
    "issue.unknown-explanation": "The step “{step}” has no choice “{id}” to explain.",
    "issue.other-number-of-hints": (
        "The step “{step}” has {wanted} hints in lesson.toml, but {found} here."
    ),
    "issue.unknown-feedback": "The step “{step}” has no check “{id}”.",
    "issue.text-before-title": "The file must begin with its title: “# Title {{#lesson}}”.",
    "issue.no-title": "The file has no title: write “# Title {{#lesson}}”.",
    "issue.second-title": "“{title}” is a second title: steps begin with ##.",
    "issue.title-without-id": "{{#lesson}} must follow the title “{title}”.",
    "issue.heading-without-id": "The step's id must follow “{title}”, in {{#…}}.",
    "issue.section-outside-step": "The section “{id}” comes before the first step.",
    "issue.unknown-section": (
        "“{id}” is not a section of the step “{step}”: those end in -choices, -explanations, "
        "-hints and -feedback."
    ),
    "issue.not-a-numbered-item": (
        "{{#{section}}} may contain only numbered hints: begin with “1. ”, and indent "
        "continuation lines."
    ),
    "issue.not-a-named-item": (
        "{{#{section}}} may contain only items such as “- `id`: text”: indent continuation lines."
    ),
    "issue.empty-item": "The item “{id}” has no text.",
    "issue.unclosed-fence": "A block of code begins here and never ends.",
    "issue.no-such-file-named": "There is no file {file}.",
    "issue.bad-proof": "What the choice “{id}” runs is not a Python expression: {detail}.",
    "issue.checks-syntax": "The checks are not valid Python: {detail}.",
    "issue.check-of-no-step": "No step of lesson.toml uses the check “{id}”.",
    "issue.no-such-check": "{file} does not define a check “{id}”.",
    "issue.no-solution": "The lesson has no solution.py.",
    "issue.no-mistakes": "The lesson has no known mistakes: write one as wrong/NAME.py.",
    "issue.mistake-without-check": (
        "The first line must name the check that this mistake fails: “# trips: row.shape”."
    ),
    "issue.unknown-check": "No step has the check “{id}”.",
    "issue.no-feedback": (
        "The step “{step}” lacks the feedback for “{id}”, which another language has."
    ),
    "issue.unknown-difference": "“{id}” does not end in a kind of difference; those are {all}.",
    "issue.unknown-placeholder": "{name} is not a placeholder here; use {all}.",
    "issue.other-placeholders": (
        "The feedback for “{id}” has other placeholders in {language} than in {other}."
    ),
    "issue.hint-holds-solution": (
        "The hint gives the solution away, {answer}: name only the operation."
    ),
    "issue.image-from-the-web": "A drawing must be in media/, not on the web: {link}.",
    "issue.bad-link": "The link “{link}” leads neither to the web (https://…) nor to media/….",
    "issue.drawing-left-out": "{file}, which another language shows, is not shown here.",
    "issue.drawing-not-shown": "No page shows {file}.",
    "issue.svg-unreadable": "The drawing cannot be read: {detail}.",
    "issue.svg-without-title": "The drawing has no <title> for those who cannot see it.",
    "issue.svg-without-desc": "The drawing has no <desc> for those who cannot see it.",
    "issue.svg-unsafe": "A drawing must not contain {what}.",
    "issue.check-failed": (
        "The check “{id}” itself fails, which is never the learner's fault: {detail}."
    ),
    "issue.no-verdict": "The step “{step}” got no verdict.",
    "issue.starter-passes": "The step “{step}” is solved before the learner has begun.",
    "issue.does-not-run": "{file} does not run to the end: {detail}.",
    "issue.solution-not-accepted": "The check “{id}” does not accept this solution: {detail}.",
    "issue.trips-another": "This mistake fails “{id}” ({detail}) and not “{wanted}”.",
    "issue.trips-nothing": "This mistake passes: “{wanted}” does not detect it.",
    "verdict.error_in_your_code.exception": "Your code fails here with {exception}: {error}",
    "verdict.error_in_your_code.endless": "Your code does not finish here.",
    "cli.lessons.no-import-file": (
        "Name the file with exported progress: “tensorhints lessons import FILE”."
    ),
    "cli.lessons.file-exists": "{path} already exists: choose another name.",
    "cli.lessons.no-export": "{path} cannot be written: {reason}.",
    "cli.lessons.imported": "The progress in {path} is now part of yours.",
    "issue.bad-choice-id": (
        "“{value}” is not a choice's id: use lowercase letters, digits, hyphens and underscores."
    ),
}
