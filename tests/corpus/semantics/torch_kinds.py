import warnings

import torch
from torch._subclasses import FakeTensorMode

warnings.simplefilter("ignore")
with FakeTensorMode(allow_non_fake_inputs=True) as mode:
    q = torch.empty(3, 4)
    r = (q @ q.T).relu()
    s = q.sum()
    print(r, type(r).__name__, s)
nt = torch.nested.nested_tensor([torch.ones(2), torch.ones(3)])
nt2 = nt + 1
print(nt2.size(0), nt2)
jag = torch.nested.nested_tensor([torch.ones(2, 3), torch.ones(4, 3)], layout=torch.jagged)
jag2 = jag * 2
print(type(jag2).__name__, jag2.offsets())
sp = torch.eye(3).to_sparse()
sp2 = sp * 2
csr = torch.eye(2).to_sparse_csr()
print(sp2, csr)
m = torch.empty(2, device="meta")
mm = m + 1
print(mm)
qt = torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.quint8)
q2 = qt.dequantize()
print(qt, q2)
with torch.inference_mode():
    im = torch.ones(2) * 1
    print(im.is_inference(), im)
lazy = torch.nn.LazyLinear(4)
param = lazy.weight
print(type(param).__name__, lazy(torch.ones(1, 3)).shape, lazy.weight.shape)
u = torch.nn.parameter.UninitializedParameter()
v = [u, (u,)]
conj = torch.tensor([1 + 2j]).conj()
neg = torch.tensor([1 + 2j]).conj().imag
z0 = torch.tensor(1 + 2j).conj()
print(conj.is_conj(), neg.is_neg(), z0)
ft = torch._to_functional_tensor(torch.ones(2))
print(type(ft).__name__)
big = torch.empty(0, 5)
st = torch.tensor("x".encode()[0])
e = torch.tensor(float("nan")), torch.tensor(float("inf")), torch.tensor(True), torch.tensor(2**62)
shared = torch.ones(2).share_memory_()
stor = shared.untyped_storage()
freed = torch.ones(4)
freed.untyped_storage().resize_(0)
w = freed.shape
alias = freed
dlp = torch.from_dlpack(torch.ones(3))
ms = torch.masked.masked_tensor(torch.ones(2), torch.tensor([True, False]))
ms2 = ms + 1
print(ms2)
gen = torch.Generator()
gen.manual_seed(3)
print(torch.rand(2, generator=gen), torch.get_default_dtype())
