import torch

cases = []
for dt in (
    torch.float16,
    torch.bfloat16,
    torch.float32,
    torch.float64,
    torch.int8,
    torch.int16,
    torch.int32,
    torch.int64,
    torch.uint8,
    torch.bool,
    torch.complex64,
    torch.complex128,
):
    t = torch.ones(2, dtype=dt)
    cases.append(t)
half = torch.ones(2, 2).half()
bf = half.bfloat16()
i8 = torch.tensor([1, 2, 3], dtype=torch.int8)
u16 = torch.zeros(3, dtype=torch.uint16)
u32 = torch.zeros(3, dtype=torch.uint32)
f8 = torch.ones(4).to(torch.float8_e4m3fn)
z = torch.tensor([1 + 2j, 3 - 1j])
mag, ang = z.abs(), z.angle()
real_view = torch.view_as_real(z)
conj = z.conj()
spec = torch.fft.rfft(torch.randn(8))
promoted = i8 + half[0, 0]
compare = i8 > 1
any_ = compare.any()
bits = i8 & 3
meta = torch.empty(1000000, 1000000, device="meta")
m2 = meta @ meta
m3 = torch.nn.Linear(4, 5, device="meta")
m4 = m3(torch.empty(2, 4, device="meta"))
with torch.device("meta"):
    made = torch.randn(7, 7)
on_cpu = torch.ones(1, device=torch.device("cpu"))
same = half.to("cpu")
cast = half.type(torch.double)
like = torch.zeros_like(half, dtype=torch.long)
scalar = torch.tensor(7)
item = scalar.item()
sparse = torch.eye(3).to_sparse()
dense = sparse.to_dense()
csr = torch.eye(3).to_sparse_csr()
quant = torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.quint8)
param = torch.nn.Parameter(torch.ones(2, dtype=torch.float64))
gen = torch.Generator().manual_seed(1)
r = torch.rand(3, generator=gen)
one = torch.tensor(1.5, requires_grad=True)
huge = torch.ones(1).expand(10**9)
empty = torch.tensor([])
five_d = torch.zeros(1, 2, 3, 4, 5)
