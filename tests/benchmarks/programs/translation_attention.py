"""Translate three sentences with attention whose scores are computed one number at a time."""

import torch
import torch.nn as nn

torch.manual_seed(0)
SENTENCES = ["ich mag ein bier P", "S i like a beer", "i like a beer E"]
words = sorted(set(" ".join(SENTENCES).split()))
number_of = {word: number for number, word in enumerate(words)}
n_class = len(words)
n_hidden = 32


def make_batch():
    eye = torch.eye(n_class)
    input_batch = [[eye[number_of[word]].tolist() for word in SENTENCES[0].split()]]
    output_batch = [[eye[number_of[word]].tolist() for word in SENTENCES[1].split()]]
    target_batch = [[number_of[word] for word in SENTENCES[2].split()]]
    return (
        torch.FloatTensor(input_batch),
        torch.FloatTensor(output_batch),
        torch.LongTensor(target_batch),
    )


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc_cell = nn.RNN(input_size=n_class, hidden_size=n_hidden)
        self.dec_cell = nn.RNN(input_size=n_class, hidden_size=n_hidden)
        self.attn = nn.Linear(n_hidden, n_hidden)
        self.out = nn.Linear(n_hidden * 2, n_class)

    def forward(self, enc_inputs, hidden, dec_inputs):
        enc_inputs = enc_inputs.transpose(0, 1)
        dec_inputs = dec_inputs.transpose(0, 1)
        enc_outputs, enc_hidden = self.enc_cell(enc_inputs, hidden)
        trained_attn = []
        hidden = enc_hidden
        n_step = len(dec_inputs)
        model = torch.empty([n_step, 1, n_class])
        for i in range(n_step):
            dec_output, hidden = self.dec_cell(dec_inputs[i].unsqueeze(0), hidden)
            attn_weights = self.get_att_weight(dec_output, enc_outputs)
            trained_attn.append(attn_weights.squeeze().data.numpy())
            context = attn_weights.bmm(enc_outputs.transpose(0, 1))
            dec_output = dec_output.squeeze(0)
            context = context.squeeze(1)
            model[i] = self.out(torch.cat((dec_output, context), 1))
        return model.transpose(0, 1).squeeze(0), trained_attn

    def get_att_weight(self, dec_output, enc_outputs):
        n_step = len(enc_outputs)
        attn_scores = torch.zeros(n_step)
        for i in range(n_step):
            attn_scores[i] = self.get_att_score(dec_output, enc_outputs[i])
        return nn.functional.softmax(attn_scores, dim=0).view(1, 1, -1)

    def get_att_score(self, dec_output, enc_output):
        score = self.attn(enc_output)
        return torch.dot(dec_output.view(-1), score.view(-1))


input_batch, output_batch, target_batch = make_batch()
hidden = torch.zeros(1, 1, n_hidden)
model = Attention()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)

for epoch in range(150):
    optimizer.zero_grad()
    output, _ = model(input_batch, hidden, output_batch)
    loss = criterion(output, target_batch.squeeze(0))
    if (epoch + 1) % 50 == 0:
        print(f"epoch {epoch + 1}: cost {loss:.6f}")
    loss.backward()
    optimizer.step()

predicted, trained_attn = model(input_batch, hidden, output_batch)
chosen = predicted.data.max(1, keepdim=True)[1]
print([words[number.item()] for number in chosen.squeeze()])
