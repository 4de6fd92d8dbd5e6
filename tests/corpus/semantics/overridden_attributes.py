"""Classes of tensors that put code of their own in place of what torch knows of every tensor."""

import torch

told = []


class Telling(torch.Tensor):
    @property
    def shape(self):
        told.append("shape")
        return super().shape

    @property
    def dtype(self):
        told.append("dtype")
        return super().dtype

    @property
    def device(self):
        told.append("device")
        raise ZeroDivisionError

    @property
    def requires_grad(self):
        told.append("requires_grad")
        return super().requires_grad

    @property
    def grad_fn(self):
        told.append("grad_fn")
        return super().grad_fn

    def dim(self):
        told.append("dim")
        return super().dim()

    def numel(self):
        told.append("numel")
        return super().numel()

    def stride(self):
        told.append("stride")
        return super().stride()

    def is_contiguous(self):
        told.append("is_contiguous")
        return super().is_contiguous()

    def element_size(self):
        told.append("element_size")
        return super().element_size()


telling = torch.ones(2, 3).as_subclass(Telling)
product = telling * 2
number = product.sum()
several = [telling, product]
print(told, len(several))
