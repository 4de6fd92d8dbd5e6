"""The names that clients use: commands, notifications, kinds of code actions."""

RUN = "tensorhints.server.run"
STOP = "tensorhints.server.stop"
SET_DEVICE = "tensorhints.server.setDevice"
TENSORS = "tensorhints.server.tensors"

RUN_NOTIFICATION = "tensorhints/run"
OUTPUT_NOTIFICATION = "tensorhints/output"
TENSORS_NOTIFICATION = "tensorhints/tensors"

RUN_ACTION = "tensorhints.run"
STOP_ACTION = "tensorhints.stop"
DEVICE_ACTION = "tensorhints.device"
