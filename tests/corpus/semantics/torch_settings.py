import torch

print(torch.get_num_threads(), torch.get_num_interop_threads(), torch.get_default_dtype(), torch.get_default_device())
print(torch.is_grad_enabled(), torch.is_inference_mode_enabled(), torch.are_deterministic_algorithms_enabled())
print(torch.cuda.is_available(), torch.cuda.is_initialized(), torch.backends.mkldnn.is_available(), torch.is_anomaly_enabled())
print(torch.get_float32_matmul_precision(), torch.backends.cudnn.benchmark, torch.is_autocast_enabled("cpu"))
torch.set_default_device("meta")
a = torch.ones(2)
b = a + 1
print(a.device, b)
torch.set_default_device("cpu")
torch.set_default_dtype(torch.float64)
c = torch.ones(2)
print(c.dtype, c)
torch.set_printoptions(precision=1, sci_mode=False)
print(torch.tensor([1.23456, 1000.5]))
torch.use_deterministic_algorithms(True)
torch.set_num_threads(1)
print(torch.get_num_threads())
with torch.profiler.profile(record_shapes=True) as prof:
    x = torch.ones(4, 4)
    for i in range(25):
        y = x @ x
        z = y.sum()
    w, v = y.max(0)
    with torch.profiler.record_function("mine"):
        u = z + 1
counts = {e.key: e.count for e in prof.key_averages() if not e.key.startswith("[")}
print(sorted(counts.items()))
before = torch._C._cuda_isInBadFork if hasattr(torch._C, "_cuda_isInBadFork") else None
t = torch.ones(3)
version = t._version
t.add_(1)
s = t
print(version, t._version, t.data_ptr() == s.data_ptr(), torch.is_grad_enabled())
with torch.no_grad():
    k = t * 2
    print(torch.is_grad_enabled())
torch.set_grad_enabled(False)
print((torch.nn.Parameter(t) * 2).requires_grad)
