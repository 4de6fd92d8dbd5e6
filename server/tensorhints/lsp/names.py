"""The names that clients use: commands, notifications, kinds of code actions."""

RUN = "tensorhints.server.run"
STOP = "tensorhints.server.stop"
SET_DEVICE = "tensorhints.server.setDevice"
TENSORS = "tensorhints.server.tensors"
TENSOR = "tensorhints.server.tensor"

LESSON = "tensorhints.server.lesson"
QUIZ = "tensorhints.server.quiz"
CHECK = "tensorhints.server.check"
HINT = "tensorhints.server.hint"
SOLUTION = "tensorhints.server.solution"
RESET = "tensorhints.server.reset"
PROGRESS = "tensorhints.server.progress"

RUN_NOTIFICATION = "tensorhints/run"
OUTPUT_NOTIFICATION = "tensorhints/output"
TENSORS_NOTIFICATION = "tensorhints/tensors"
LINES_NOTIFICATION = "tensorhints/lines"
PROGRESS_NOTIFICATION = "tensorhints/progress"

RUN_ACTION = "tensorhints.run"
STOP_ACTION = "tensorhints.stop"
DEVICE_ACTION = "tensorhints.device"
LESSON_ACTION = "tensorhints.lesson"

PAGE_SCHEME = "tensorhints"
