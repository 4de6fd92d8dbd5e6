"""The simulated device: programs run under torch's FakeTensor, without data and without compute.

Every device exists there. Shapes, dtypes and devices are exact. A number that only computing would
give is guessed: it becomes a `GuessedInt` or `GuessedFloat`, tensors that depend on it are marked,
and once the program's control flow depends on it the whole run counts as tainted.

`activation` turns a process into a simulated one. `dispatch_mode` and `function_mode` handle every
operation of torch, `replacements` the parts of torch that do not work without data. `taint` holds
what is guessed; `guessed_numbers`, `call_rewriting` and `lost_guesses` keep track of it in Python
code; `branch_answers` decides branches on unknown values.
"""
