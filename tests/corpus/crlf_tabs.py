import torch

def f(x):
	y = x + 1
	return (y
		.sum(0))

a = f(torch.ones(2, 3))
b = a * 2; c = b
s = """one
two"""; d = torch.ones(len(s))
if True:
	e = torch.ones(1)
	f2 = e