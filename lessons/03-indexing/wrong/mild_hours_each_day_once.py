# trips: mild.counted
import torch

temperatures = torch.tensor(
    [
        [11.0, 14.0, 18.0, 21.0, 19.0, 16.0],
        [13.0, 17.0, 24.0, 29.0, 25.0, 18.0],
        [16.0, 20.0, 26.0, 31.0, 27.0, 22.0],
        [10.0, 12.0, 13.0, 15.0, 14.0, 11.0],
    ]
)

is_mild = (temperatures >= 18) & (temperatures < 25)
mild = temperatures[is_mild]
mild_hours = is_mild.any(dim=1).long()
