import collections

learning_rate = 0.1


def train(batches):
    accumulated = 0
    for batch in batches:
        accumulated += batch
    return acumulated


class Model:
    weights = [1]

    def forward(self):
        return self.weigths


for attempt in (lambda: Model().forward(), lambda: collections.OrderdDict, lambda: learning_rat):
    try:
        attempt()
    except Exception:
        import traceback

        traceback.print_exc()
train([1, 2])
