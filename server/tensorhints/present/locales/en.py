"""English."""

WORDS = {
    # ---- notices: one clear sentence that says what to do
    "no-interpreter": (
        "No Python interpreter was found: install Python 3.9 or later, or name one in the setting "
        "tensorhints.run.interpreter."
    ),
    "python-too-old": (
        "This Python interpreter is too old: choose one of version 3.9 or later in the setting "
        "tensorhints.run.interpreter."
    ),
    "python-too-old.detail": (
        "The Python interpreter is of version {detail}: choose one of version 3.9 or later in the "
        "setting tensorhints.run.interpreter."
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
        "There is no mps device here, which is Apple's: choose the device “auto” or “cpu” instead."
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
        "This line needs real values, and the simulated device computes none: run the file on the "
        "device “cpu”."
    ),
    "bad-device.detail": (
        "“{detail}” is no device: use “auto”, “cpu”, “cuda”, “cuda:N”, “mps” or “simulated”."
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
        "The program is still running: ask again when it has ended, or stop it first."
    ),
    "tensor-no-copy": (
        "The program's end is not kept in memory any more: run the file again to look at its "
        "tensors."
    ),
    "tensor-not-here": (
        "Values can be looked at on Linux alone: print what you want to see instead."
    ),
    "tensor-too-large": (
        "The program's end holds too much memory to be kept: make its tensors smaller, or print "
        "what you want to see."
    ),
    "tensor-no-answer": (
        "Looking at the tensor took too long: try again, or look at a smaller part of it."
    ),
    "tensor-unreadable.detail": (
        "This tensor cannot be looked at ({detail}): assign a copy of it to a name, as x.clone() "
        "gives."
    ),
    "no-tensors": "The program holds no tensor at its end: assign one to a name and run again.",
    "no-such-tensor.detail": (
        "The program's end knows no “{detail}”: choose one of the names in the list."
    ),
    "not-a-tensor.detail": (
        "“{detail}” is neither a tensor nor a NumPy array: name what it holds, as in "
        "{detail}.weight or {detail}[0]."
    ),
    "bad-slice.detail": (
        "“{detail}” does not fit the shape: write an index or “:” for each dimension, and “:” for "
        "two of them at most."
    ),
    "values-meta": "A tensor on the device “meta” has a shape, but no values.",
    "values-simulated": (
        "A simulated tensor has no values: choose the device “cpu” or “cuda” to see them."
    ),
    "values-nested": (
        "A nested tensor has no shape to be drawn in: assign one of its parts to a name, as "
        "x.unbind()[0] gives."
    ),
    "values-elsewhere.detail": (
        "The values lie on {detail}, where only the program itself can read them: assign x.cpu() "
        "to a name to see them here."
    ),
    "values-wrapped": (
        "This tensor holds no values of its own: assign the plain tensor inside it to a name to "
        "see them."
    ),
    "values-too-many": "This quantized tensor is too large to be looked at: assign a part of it.",
    "values-unreadable.detail": (
        "Its values cannot be read ({detail}): assign a copy of another type to a name, as "
        "x.float() gives."
    ),
    "values-no-numbers.detail": "An array of type {detail} holds no numbers to be drawn.",
    "bad-argument.detail": "The command's argument is wrong: {detail}",
    "stdin-closed": (
        "The program asked for input with input(), but there is nobody to type it here: assign the "
        "value in the code instead."
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
        "The process that runs your programs was killed and comes back by itself: run the file "
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
        "There is nothing here that could be renamed: the name is bou"
        "nd nowhere in this workspace, or outside it too."
    ),
    "changed-meanwhile": "A file has changed meanwhile: save all files and try again.",
    "not-a-name": "Nothing was typed: choose a name.",
    "not-a-name.detail": (
        "“{detail}” is not a name in Python: "
        "choose letters, digits and underscores, no digit first, and no word that Python keeps for "
        "itself."
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
        "The program ended its process itself, as os._exit does, so what it held at its end is "
        "not known."
    ),
    "exited-early.detail": (
        "The program ended its process itself with exit status {detail}, as os._exit does, so what "
        "it held at its end is not known."
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
    "expected.text": "it must be a text",
    "expected.texts": "it must be a list of texts",
    "expected.variables": "it must be an object whose values are texts",
    "expected.number": "it must be a number of 0 or more",
    "expected.whole-number": "it must be a whole number of 0 or more",
    "expected.device": "it must be auto, cpu, cuda, cuda:N, mps or simulated",
    "expected.one-of": "it must be one of {choices}",
    # ---- why an edit made the whole file run again
    "whole.free-threaded.detail": (
        "The whole file ran again: this Python has no global lock, so no copy was kept at line "
        "{detail}."
    ),
    "whole.threads.detail": "The whole file ran again: threads were running at line {detail}.",
    "whole.child-processes.detail": (
        "The whole file ran again: processes that it started were running at line {detail}."
    ),
    "whole.gpu.detail": "The whole file ran again: a GPU was in use at line {detail}.",
    "whole.timers.detail": "The whole file ran again: an alarm was set at line {detail}.",
    "whole.shared-memory.detail": (
        "The whole file ran again: memory was shared with other processes at line {detail}."
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
    "whole.no-memory.detail": (
        "The whole file ran again: memory was too short for a copy at line {detail}."
    ),
    # ---- code lenses, actions, progress
    "lens.run": "▶ Run",
    "lens.stop": "■ Stop",
    "lens.warming": "… starting Python and PyTorch",
    "lens.running": "… running",
    "lens.running.device": "… running · {device}",
    "lens.finished": "✓ finished in {time}",
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
    "lens.superseded": "… newer edit",
    "lens.refused": "✗ did not run",
    "lens.untrusted": "not run: untrusted workspace",
    "action.run": "Run with Tensor Hints",
    "action.run-on": "Run with Tensor Hints on {device}",
    "action.stop": "Stop this program (Tensor Hints)",
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
    "in-force.auto.gpus": "auto: {device}, and {gpus} where the program asks for it",
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
    "tooltip.guessed": "≈ follows from a value that the simulated device had to guess",
    "tooltip.last-seen": "The last one seen",
    # ---- the command line -----------------------------------------------------------------------
    "cli.help": """\
Tensor Hints runs a Python file and shows every tensor's shape, dtype and device.

  tensorhints run FILE     run FILE once and print it with its hints
  tensorhints serve        the language server, for an editor
  tensorhints lessons      list the course, check lessons, start a new one
  tensorhints doctor       say what would run your code, and what is missing

  tensorhints COMMAND --help     the options of a command
  tensorhints --version

Language: English or Brazilian Portuguese, after TENSORHINTS_LOCALE or the system's locale.
""",
    "cli.help.run": """\
tensorhints run FILE [OPTION ...] [-- ARG ...]

Runs FILE once and prints what it prints, then its source with every hint drawn where an editor
would draw it, and any failure explained under its line. ARG ... reach the program as sys.argv[1:].

  --device auto|cpu|cuda[:N]|mps|simulated
                           where tensors live: as plain Python would have it (auto), with no GPU,
                           on a GPU by default, or simulated: shapes only, no values
  --timeout S              stop the program after S seconds
  --format text|json       text for people, or JSON for other programs
  --interpreter PY         the Python that runs FILE, instead of the one found

Exit status: 0 the program ended well, 1 it failed, 2 it could not be run, 3 stopped by a limit.
""",
    "cli.help.serve": """\
tensorhints serve [--stdio | --tcp HOST:PORT]

The language server. Editors start it and speak to it over standard input and output (--stdio, what
it does if nothing is said); with --tcp it waits for one editor at that address.
""",
    "cli.help.doctor": """\
tensorhints doctor [--editors] [--json] [--interpreter PYTHON] [--device DEVICE]

Says which Python would run your code and why, its version, PyTorch and devices, which of those is
in force and why, how long it takes to get ready, where progress is kept, and what to do about
anything missing. --interpreter and --device are those of “tensorhints run”.

  --editors          say which editors are here instead, and what each needs to be told
  --json             the same as JSON

Exit status: 0 all is well, 1 something is missing.
""",
    "cli.no-command": "Say what to do: “tensorhints --help” lists the commands.",
    "cli.unknown-command": "There is no command “{text}”: “tensorhints --help” lists them.",
    "cli.bad-option": "The option {option} needs a value: “tensorhints --help” tells more.",
    "cli.unknown-argument": (
        "“{text}” means nothing here: see --help. A program's own arguments follow after --."
    ),
    "cli.bad-usage": "This is no usual command line ({detail}): see “tensorhints --help”.",
    "cli.stdio-or-tcp": "Choose one of --stdio and --tcp: the server speaks to one editor.",
    "cli.no-file": "Name the Python file to run: “tensorhints run FILE”.",
    "cli.bad-format": "“{text}” is no format: use text or json.",
    "cli.bad-timeout": "“{text}” is no time limit: use a number of seconds above 0.",
    "cli.bad-address": "“{text}” is no address: use HOST:PORT, such as 127.0.0.1:2087.",
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
        "The Python interpreter is of version {detail}: name one of version 3.9 or later with "
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
        "No editor that is known here was found on PATH: any that speaks LSP can start "
        "“tensorhints serve” for Python files."
    ),
    "doctor.editors.untested": "Written from its documentation, and not tried out.",
    "doctor.editors.extension": "Install the extension from its .vsix file; it needs no settings.",
    "doctor.editors.write": "Write into {file}:",
    "doctor.editors.write-with": "With {package}, write into {file}:",
    "doctor.editors.too-old": "This version is too old: {version} or later is needed.",
    "doctor.editors.no-command": (
        "The command “tensorhints”, by which editors start the server, is not on PATH: add the "
        "folder that it is in, or write its whole path where “tensorhints” stands below."
    ),
    "doctor.no-hint": "A program ran, but no hint came back from it: please report this.",
    "doctor.why.setting": "it is the one that was asked for",
    "doctor.why.own": "Tensor Hints itself is installed in it",
    "doctor.why.PATH": "it is the first python on PATH",
    "doctor.why.variable": "the environment variable {name} names it",
    "doctor.why.workspace": "it is the environment of this folder ({name})",
    # ---- why an operation failed
    "explain.inner-dimensions": "the inner dimensions {left} and {right} differ",
    "explain.batch-dimensions": "the batch dimensions {left} and {right} do not fit together",
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
    "explain.view-order": "the elements of {name} do not lie in memory in the order of view",
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
    "explain.tensor-called": "a tensor is no function: index it with [ ], not with ( )",
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
        "Make the batch smaller, delete what is not needed any more, or leave gradients out with "
        "torch.no_grad()."
    ),
    "explain.advice.transpose": "With {name}{call}, of shape {shape}, they would agree.",
    "explain.advice.matmul": "The operator @ takes tensors of other ranks too.",
    "explain.advice.to-dtype": "{name}.to(torch.{dtype}) would give it the type of the other.",
    "explain.advice.column": "{name}.unsqueeze(1), of shape {shape}, would fit.",
    "explain.advice.reshape": "reshape copies the elements where it must: use it instead of view.",
    "explain.advice.item": "Its value is given by .item().",
    "explain.advice.long": "Convert it with .long().",
    "explain.advice.float": "Convert it with .float().",
    "explain.advice.squeeze": "squeeze(-1) takes the last dimension, of size 1, away.",
    "explain.advice.input-dtype": "Convert the input with .to(torch.{dtype}).",
    "explain.advice.retain-graph": (
        "Compute the loss anew before each backward, or keep the graph with retain_graph=True."
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
    "page.no-edit": "The editor took no edit: copy the code from the page.",
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
    "quiz.pick-an-action": "{question} Answer by a code action of the lesson's file.",
    "hint.shown": "Hint {number} of {count}: {hint}",
    "hint.all-shown": "All {count} hints are shown. The last one: {hint}",
    "solution.shown": "The solution of step {number} is in your file; undo takes it back.",
    "solution.told": "The solution of step {number}: {source}",
    "reset.done": "The lesson starts again; your work is kept in {path}.",
    "unknown-lesson.detail": "There is no lesson “{detail}”: open one from the list.",
    "unknown-step.detail": "This lesson has no step “{detail}”.",
    "unknown-choice.detail": "This question has no choice “{detail}”.",
    "unknown-locale.detail": "The lessons are not written in “{detail}”.",
    "no-lessons": "The course is not installed: reinstall Tensor Hints.",
    "no-challenge": "This lesson has no challenge.",
    "no-quiz": "This lesson has no question.",
    "no-hints": "This step has no hints.",
    "not-a-challenge.detail": "The step “{detail}” is no challenge.",
    "not-a-quiz.detail": "The step “{detail}” is no question.",
    "lesson-unreadable.detail": "The lesson's file cannot be read or written: {detail}",
    "lesson-not-open": "Open the lesson's file to do this.",
    # ---- the course: lessons as their authors and their learners meet them
    "cli.help.lessons": """\
tensorhints lessons list
tensorhints lessons check [PATH] [--json]
tensorhints lessons new ID [PATH]
tensorhints lessons export [FILE]
tensorhints lessons import FILE

list    the lessons of the course, in order
check   say what is wrong with the lessons, with file and line: reads them, then runs every
        starter, solution and known mistake. PATH is a course's folder or one lesson's; without it,
        the course where you stand, or else the one that comes with Tensor Hints
new     start a lesson at the end of the course: files that pass the check, to be edited
export  write your progress as JSON, to FILE or to standard output
import  add the progress that was exported elsewhere; none of yours is lost

How lessons are written: docs/authoring.md.

Exit status: 0 all is well, 1 problems were found, 2 it could not be done.
""",
    "cli.lessons.none": "There is no course in {path}: name the folder that holds course.toml.",
    "cli.lessons.ok": "Lessons: {lessons}. Files run: {files}. All is well.",
    "cli.lessons.found": "{count} problems found.",
    "cli.lessons.found-one": "1 problem found.",
    "cli.lessons.action": (
        "“{text}” is no part of “tensorhints lessons”: use list, check, new, export or import."
    ),
    "cli.lessons.no-action": "Say what to do with the lessons: list, check, new, export or import.",
    "cli.lessons.no-id": "Name the new lesson: “tensorhints lessons new einsum”.",
    "cli.lessons.bad-id": "“{text}” is no id: use small letters, digits and single hyphens.",
    "cli.lessons.taken": "There is a lesson “{text}” already: choose another id.",
    "cli.lessons.cannot-write": "The lesson cannot be written: {reason}.",
    "cli.lessons.no-place": "{path} has no list “lessons = […]” that the new lesson could join.",
    "cli.lessons.started": "The lesson “{id}” begins in {path}.",
    "cli.lessons.check-it": "Edit its files, then: tensorhints lessons check {path}",
    "progress-newer.detail": (
        "Your progress was kept by a newer version of Tensor Hints and stays as it is ({detail}): "
        "update Tensor Hints to go on with it."
    ),
    "progress-unreachable.detail": (
        "Your progress cannot be kept ({detail}): what you do now is remembered until the editor "
        "closes."
    ),
    "progress-no-export.detail": "This is no exported progress ({detail}): nothing was changed.",
    "verdict.correct": "Correct.",
    "verdict.not_attempted": "Not started yet: replace the “...”.",
    "verdict.error_in_your_code": "Your code fails before this can be checked.",
    "verdict.cannot_check": (
        "This could not be checked, which is no fault of yours: run the file again."
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
    "finding.toml": "This is not valid TOML: {detail}.",
    "finding.not-utf8": "This line is not UTF-8: save the file as UTF-8.",
    "finding.unreadable": "The file cannot be read: {detail}.",
    "finding.no-such-file": "This file is missing.",
    "finding.no-such-lesson": "There is no folder {folder}: create it, or take it off the list.",
    "finding.unlisted-lesson": "The folder {folder} holds a lesson that “lessons” does not list.",
    "finding.repeated-lesson-id": "The id “{id}” is that of {other} already: choose another.",
    "finding.unknown-requirement": "No lesson has the id “{id}”.",
    "finding.cycle": "The lesson “{id}” requires itself, by way of the lessons that it requires.",
    "finding.missing-key": "The key “{key}” is missing.",
    "finding.unknown-key": "The key “{key}” means nothing here: check its spelling.",
    "finding.bad-type": "“{key}” must be of this form: {wanted}.",
    "finding.other-version": (
        "This is version {found} of the format, and this program knows version {known}."
    ),
    "finding.bad-id": "“{value}” is no id: use small letters, digits and single hyphens.",
    "finding.bad-locale": "“{value}” is no language: use a tag such as en or pt-BR.",
    "finding.bad-folder": (
        "“{value}” is no lesson's folder: use two digits and a name, such as 09-einsum."
    ),
    "finding.bad-file-name": (
        "“{value}” is no Python file of this folder: use a name such as tensors.py."
    ),
    "finding.bad-check-id": (
        "“{value}” is no check's id: use the step and what is looked at, such as row.shape."
    ),
    "finding.bad-name": "“{value}” is no Python name.",
    "finding.bad-kind": "A step is of the kind theory, quiz or challenge, not “{value}”.",
    "finding.bad-proof-device": "A proof runs on the device cpu or simulated, not on “{value}”.",
    "finding.no-title-in": "The course has no title in the language {language}.",
    "finding.no-steps": "The lesson has no [[step]].",
    "finding.repeated-id": "The id “{id}” stands here a second time.",
    "finding.no-starter": "There is no Python file that the learner opens: write one.",
    "finding.several-starters": "Say with “file” which of these the learner opens: {files}.",
    "finding.no-such-starter": "There is no file {file} for the learner to open.",
    "finding.no-such-checks": "There is no file {file} with the checks of this step.",
    "finding.too-few-choices": "A quiz needs two choices or more.",
    "finding.not-one-correct": "Exactly one choice must be correct; here {count} are.",
    "finding.unknown-step": "lesson.toml has no step “{id}”.",
    "finding.step-without-words": (
        "The step “{id}” has no section here: write “## Title {{#{id}}}” and its text."
    ),
    "finding.step-without-body": "The step “{step}” has a title and no text.",
    "finding.no-choice": "The choice “{id}” has no words under {{#{step}-choices}}.",
    "finding.no-explanation": (
        "The choice “{id}” has no explanation under {{#{step}-explanations}}."
    ),
    "finding.unknown-choice": "The step “{step}” has no choice “{id}”.",
    "finding.unknown-explanation": "The step “{step}” has no choice “{id}” to explain.",
    "finding.other-number-of-hints": (
        "The step “{step}” announces {wanted} hints in lesson.toml, and here are {found}."
    ),
    "finding.unknown-feedback": "The step “{step}” has no check “{id}”.",
    "finding.text-before-title": "The file must begin with its title: “# Title {{#lesson}}”.",
    "finding.no-title": "The file has no title: write “# Title {{#lesson}}”.",
    "finding.second-title": "“{title}” is a second title: steps begin with ##.",
    "finding.title-without-id": "After the title “{title}” must stand {{#lesson}}.",
    "finding.heading-without-id": "After “{title}” must stand the step's id, in {{#…}}.",
    "finding.section-outside-step": "The section “{id}” stands before any step.",
    "finding.unknown-section": (
        "“{id}” is no section of the step “{step}”: those end in -choices, -explanations, -hints "
        "and -feedback."
    ),
    "finding.not-a-numbered-item": (
        "Under {{#{section}}} stand numbered hints alone: begin with “1. ”, and indent what goes "
        "on."
    ),
    "finding.not-a-named-item": (
        "Under {{#{section}}} stand items such as “- `id`: text” alone: indent what goes on."
    ),
    "finding.empty-item": "The item “{id}” has no text.",
    "finding.unclosed-fence": "A block of code opens here and nothing closes it.",
    "finding.no-such-file-named": "There is no file {file}.",
    "finding.bad-proof": "What the choice “{id}” runs is no Python expression: {detail}.",
    "finding.checks-syntax": "The checks are not valid Python: {detail}.",
    "finding.check-of-no-step": "No step of lesson.toml asks for the check “{id}”.",
    "finding.no-such-check": "{file} defines no check “{id}”.",
    "finding.no-solution": "The lesson has no solution.py.",
    "finding.no-mistakes": "The lesson has no known mistake: write one as wrong/NAME.py.",
    "finding.mistake-without-check": (
        "The first line must name the check that this mistake trips: “# trips: row.shape”."
    ),
    "finding.unknown-check": "No step has the check “{id}”.",
    "finding.no-feedback": (
        "The feedback for “{id}”, which another language has, is missing in the step “{step}”."
    ),
    "finding.unknown-difference": "“{id}” ends in no kind of difference; those are {all}.",
    "finding.unknown-placeholder": "{name} stands for nothing; what can stand here is {all}.",
    "finding.other-placeholders": (
        "The feedback for “{id}” has other placeholders in {language} than in {other}."
    ),
    "finding.hint-holds-solution": (
        "The hint gives the solution away, {answer}: name the operation alone."
    ),
    "finding.image-from-the-web": "A drawing must lie in media/, not on the web: {link}.",
    "finding.bad-link": "The link “{link}” leads neither to the web (https://…) nor to media/….",
    "finding.drawing-left-out": "{file}, which another language shows, is not shown here.",
    "finding.drawing-not-shown": "No page shows {file}.",
    "finding.svg-unreadable": "The drawing cannot be read: {detail}.",
    "finding.svg-without-title": "The drawing has no <title> for those who cannot see it.",
    "finding.svg-without-desc": "The drawing has no <desc> for those who cannot see it.",
    "finding.svg-unsafe": "A drawing may not hold {what}.",
    "finding.check-failed": (
        "The check “{id}” fails itself, which is never the learner's fault: {detail}."
    ),
    "finding.no-verdict": "The step “{step}” got no verdict.",
    "finding.starter-passes": "The step “{step}” is solved before the learner has begun.",
    "finding.does-not-run": "{file} does not run to its end: {detail}.",
    "finding.solution-not-accepted": "The check “{id}” does not accept this solution: {detail}.",
    "finding.trips-another": "This mistake trips “{id}” ({detail}) and not “{wanted}”.",
    "finding.trips-nothing": "This mistake passes: “{wanted}” does not notice it.",
    "verdict.error_in_your_code.exception": "Your code fails here with {exception}: {error}",
    "verdict.error_in_your_code.endless": "Your code does not come to an end here.",
    "cli.lessons.no-import-file": (
        "Name the file with exported progress: “tensorhints lessons import FILE”."
    ),
    "cli.lessons.file-exists": "{path} is there already: choose another name.",
    "cli.lessons.no-export": "{path} cannot be written: {reason}.",
    "cli.lessons.imported": "The progress in {path} is now part of yours.",
    "finding.bad-choice-id": (
        "“{value}” is no choice's id: use small letters, digits, hyphens and underscores."
    ),
}
