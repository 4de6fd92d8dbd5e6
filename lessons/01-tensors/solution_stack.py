"""Tensors: what they are made of, and why their shapes matter."""

import torch

torch.manual_seed(0)  # the same "random" numbers at every run

# ---- A tensor is an array with a shape, a type and a place -----------------------------------

scores = torch.tensor([0.5, 1.5, 3.0])  # one dimension: a vector of three numbers
noise = torch.rand(5, 5)  # two: a matrix, each number drawn uniformly from [0, 1)
images = torch.rand(4, 32, 32)  # three: a batch of 4 images, each 32 × 32

print("images.shape: ", tuple(images.shape))  # the size of every dimension, in order
print("images.dtype: ", images.dtype)  # what kind of number each element is
print("images.device:", images.device)  # the hardware that its memory belongs to

# The type follows the purpose: float32 for weights and results, int64 for positions.
first_and_last = torch.tensor([0, 3])
two_images = images[first_and_last]  # indexing keeps the other dimensions
is_bright = images > 0.5  # a comparison gives a bool tensor of the same shape

# Operations combine whole tensors, without a loop.
brightness = images.mean(dim=(1, 2))  # one number per image: dimensions 1 and 2 are gone
average = brightness.mean()  # no dimension is left: a single number

# ---- The device: the same code on any hardware -----------------------------------------------

device = "cuda" if torch.cuda.is_available() else "cpu"
batch = images.to(device)  # both operands of an operation must live on the same device
centred = batch - average.to(device)

# ---- Gradients: autograd follows every operation on a tensor with requires_grad ---------------

weights = torch.ones(3, requires_grad=True)  # a ∇ marks what gradients flow through
prediction = (scores * weights).sum()
loss = (prediction - 2.0) ** 2
loss.backward()  # walks the graph of these operations backwards …
slope = weights.grad  # … and leaves d loss / d weights here, in the shape of the weights
print("loss came from:", loss.grad_fn.name())  # the last operation of the graph

# ---- Your turn: replace each ... and watch the shapes ----------------------------------------

F = torch.rand(10)  # the features of one example
W = torch.rand(10, 5)  # a weight matrix: 10 features in, 5 results out
example = F  # a second name for the same tensor: step 3 uses the name F again

# 1. A matrix product wants two-dimensional operands whose inner sizes agree: (1, 10) @ (10, 5).
#    Give F the shape of a row, (1, 10).
F_new = torch.stack([F])

# 2. Multiply the row by W. Which shape will come out?
output = (F_new.unsqueeze(2) * W).sum(dim=1)

# 3. Five examples at once this time. Flatten them into one vector of shape (50,).
F = torch.rand(5, 10)
F_flat = F.ravel()
