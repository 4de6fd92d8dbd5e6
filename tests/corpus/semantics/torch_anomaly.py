import torch

with torch.autograd.detect_anomaly(check_nan=True):
    try:
        bad = torch.zeros(1, requires_grad=True)
        (bad / bad).sum().backward()
    except RuntimeError as error:
        print(error)
