# -*- coding: latin-1 -*-
import torch
café = torch.ones(2)
s = "éè"; t = café * 2
def f(à): return à + 1
r = f(t)
