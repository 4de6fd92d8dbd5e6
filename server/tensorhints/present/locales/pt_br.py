"""Brazilian Portuguese."""

WORDS = {
    # ---- notices: one clear sentence that says what to do ----------------------------------------
    "no-interpreter": (
        "Nenhum interpretador Python foi encontrado: instale o Python 3.9 ou mais novo, ou indique "
        "um na configuração tensorhints.run.interpreter."
    ),
    "no-interpreter.detail": (
        "Não há interpretador Python em {detail}: corrija a configuração "
        "tensorhints.run.interpreter."
    ),
    "python-too-old": (
        "Este interpretador Python é antigo demais: escolha um da versão 3.9 ou mais nova na "
        "configuração tensorhints.run.interpreter."
    ),
    "python-too-old.detail": (
        "O interpretador Python é da versão {detail}: escolha um da versão 3.9 ou mais nova na "
        "configuração tensorhints.run.interpreter."
    ),
    "no-torch": (
        "O PyTorch não está instalado no interpretador Python escolhido: rode “pip install torch” "
        "nele, ou escolha outro na configuração tensorhints.run.interpreter."
    ),
    "no-torch.detail": (
        "O PyTorch não está instalado em {detail}: rode “{detail} -m pip install torch”, ou "
        "escolha outro interpretador na configuração tensorhints.run.interpreter."
    ),
    "torch-too-old": "Este PyTorch é antigo demais: atualize para a versão 2.4 ou mais nova.",
    "torch-too-old.detail": (
        "O PyTorch {detail} é antigo demais: atualize para a versão 2.4 ou mais nova."
    ),
    "torch-broken": (
        "O PyTorch está instalado, mas não pode ser importado: reinstale-o no interpretador "
        "escolhido."
    ),
    "torch-broken.detail": (
        "O PyTorch está instalado, mas não pode ser importado ({detail}): reinstale-o no "
        "interpretador escolhido."
    ),
    "host-keeps-crashing": (
        "O processo que executa seus programas cai repetidamente: rode “tensorhints doctor” para "
        "ver por quê e depois reinicie o servidor de linguagem."
    ),
    "host-keeps-crashing.detail": (
        "O processo que executa seus programas cai repetidamente ({detail}): rode “tensorhints "
        "doctor” para ver por quê e depois reinicie o servidor de linguagem."
    ),
    "wire-broken": (
        "O processo que executa seus programas enviou algo ilegível e foi reiniciado: execute o "
        "arquivo de novo."
    ),
    "wire-broken.detail": (
        "O processo que executa seus programas enviou algo ilegível ({detail}) e foi reiniciado: "
        "execute o arquivo de novo."
    ),
    "exited-early": (
        "O processo que executa seus programas terminou antes de ficar pronto: rode “tensorhints "
        "doctor” para ver por quê."
    ),
    "exited-early.detail": (
        "O processo que executa seus programas terminou antes de ficar pronto ({detail}): rode "
        "“tensorhints doctor” para ver por quê."
    ),
    "no-cuda": (
        "Não há dispositivo CUDA aqui: escolha o dispositivo “auto”, “cpu” ou “simulated”."
    ),
    "no-cuda.detail": (
        "Não há dispositivo CUDA aqui para “{detail}”: escolha o dispositivo “auto”, “cpu” ou "
        "“simulated”."
    ),
    "simulated-missing": (
        "O dispositivo simulado não está disponível com este PyTorch: escolha o dispositivo “auto” "
        "ou “cpu”."
    ),
    "simulated-missing.detail": (
        "O dispositivo simulado não está disponível com este PyTorch ({detail}): escolha o "
        "dispositivo “auto” ou “cpu”."
    ),
    "bad-device.detail": (
        "“{detail}” não é um dispositivo: use “auto”, “cpu”, “cuda”, “cuda:N” ou “simulated”."
    ),
    "syntax": "O arquivo não roda por causa de um erro de sintaxe: corrija-o primeiro.",
    "syntax.detail": "O arquivo não roda por causa de um erro de sintaxe: {detail}",
    "unchanged": "Nada foi executado: o código é o mesmo da última execução.",
    "untrusted": (
        "Nada é executado em um espaço de trabalho em que você não confia: marque-o como confiável "
        "no editor para ver seus tensores."
    ),
    "no-document": "Nenhum arquivo Python está aberto: abra um e execute de novo.",
    "not-a-python-file": "Este não é um arquivo Python: abra um que termine em .py.",
    "not-a-python-file.detail": "{detail} não é um arquivo Python: abra um que termine em .py.",
    "no-such-file.detail": "Não existe o arquivo {detail}: confira o nome.",
    "is-a-directory.detail": "{detail} é uma pasta: indique um arquivo Python dentro dela.",
    "unreadable-file.detail": (
        "Não foi possível ler {detail}: confira as permissões e a codificação do arquivo."
    ),
    "unknown-uri": "Esse arquivo não está aberto: abra-o e tente de novo.",
    "unknown-uri.detail": "{detail} não está aberto: abra-o e tente de novo.",
    "unknown-tensor.detail": "Nenhum tensor chamado “{detail}” está vivo na última execução.",
    "not-run": "Este arquivo ainda não foi executado: execute-o para ver seus tensores.",
    "bad-argument.detail": "O argumento do comando está errado: {detail}",
    "stdin-closed": (
        "O programa pediu uma entrada com input(), mas aqui não há quem a digite: atribua o valor "
        "no próprio código."
    ),
    "timed-out": (
        "O programa foi interrompido pelo limite de tempo: aumente tensorhints.run.timeoutSeconds "
        "se ele precisar de mais."
    ),
    "timed-out.detail": (
        "O programa foi interrompido após {detail} s, seu limite de tempo: aumente "
        "tensorhints.run.timeoutSeconds se ele precisar de mais."
    ),
    "timed-out.detail.line": (
        "O programa foi interrompido após {detail} s, seu limite de tempo, na linha {line}: "
        "aumente tensorhints.run.timeoutSeconds se ele precisar de mais."
    ),
    "timed-out.line": (
        "O programa foi interrompido pelo limite de tempo na linha {line}: aumente "
        "tensorhints.run.timeoutSeconds se ele precisar de mais."
    ),
    "stopped": "O programa foi parado.",
    "stopped.line": "O programa foi parado na linha {line}.",
    "superseded": "Uma edição mais nova parou esta execução.",
    "out-of-memory": (
        "O programa precisou de mais memória que o seu limite: diminua os tensores ou aumente "
        "tensorhints.run.memoryLimitMb."
    ),
    "out-of-memory.detail": (
        "O programa precisou de mais memória que o seu limite de {detail}: diminua os tensores ou "
        "aumente tensorhints.run.memoryLimitMb."
    ),
    "out-of-memory.line": (
        "O programa precisou de mais memória que o seu limite na linha {line}: diminua os tensores "
        "ou aumente tensorhints.run.memoryLimitMb."
    ),
    "out-of-memory.detail.line": (
        "O programa precisou de mais memória que o seu limite de {detail} na linha {line}: "
        "diminua os tensores ou aumente tensorhints.run.memoryLimitMb."
    ),
    "crashed": "O programa derrubou o próprio interpretador Python.",
    "crashed.detail": "O programa derrubou o próprio interpretador Python ({detail}).",
    "crashed.line": "O programa derrubou o próprio interpretador Python na linha {line}.",
    "crashed.detail.line": (
        "O programa derrubou o próprio interpretador Python ({detail}) na linha {line}."
    ),
    "runner-killed": (
        "O processo que executa seus programas foi encerrado à força e volta sozinho: execute o "
        "arquivo de novo."
    ),
    "output-truncated": (
        "O programa imprimiu mais do que o limite, e o resto não é mostrado: aumente "
        "tensorhints.run.outputLimitKb para vê-lo."
    ),
    "output-truncated.detail": (
        "O programa imprimiu mais do que {detail}, e o resto não é mostrado: aumente "
        "tensorhints.run.outputLimitKb para vê-lo."
    ),
    "swept.detail": "Processos que o programa deixou para trás foram encerrados: {detail}.",
    "bad-setting": (
        "A configuração {name} não pode ser {value}: {expected}. O padrão, {default}, é usado."
    ),
    "unknown-setting": "Não existe a configuração {name}: confira a grafia.",
    "internal-error": (
        "Algo deu errado dentro do Tensor Hints: o registro do servidor tem os detalhes; por favor, "
        "relate o problema."
    ),
    "internal-error.detail": (
        "Algo deu errado dentro do Tensor Hints ({detail}): o registro do servidor tem os "
        "detalhes; por favor, relate o problema."
    ),
    # ---- what a setting may be --------------------------------------------------------------------
    "expected.boolean": "deve ser true ou false",
    "expected.text": "deve ser um texto",
    "expected.texts": "deve ser uma lista de textos",
    "expected.variables": "deve ser um objeto cujos valores são textos",
    "expected.number": "deve ser um número maior ou igual a 0",
    "expected.whole-number": "deve ser um número inteiro maior ou igual a 0",
    "expected.device": "deve ser auto, cpu, cuda, cuda:N ou simulated",
    "expected.one-of": "deve ser um destes: {choices}",
    # ---- code lenses, actions, progress -----------------------------------------------------------
    "lens.run": "▶ Executar",
    "lens.stop": "■ Parar",
    "lens.warming": "… iniciando o Python e o PyTorch",
    "lens.running": "… executando",
    "lens.running.device": "… executando · {device}",
    "lens.finished": "✓ terminou em {time} · {device}",
    "lens.failed": "✗ falhou · {time}",
    "lens.failed.line": "✗ falhou na linha {line} · {time}",
    "lens.stopped": "■ parado · {time}",
    "lens.stopped.line": "■ parado na linha {line} · {time}",
    "lens.timedOut": "✗ limite de tempo · {time}",
    "lens.timedOut.line": "✗ limite de tempo na linha {line} · {time}",
    "lens.outOfMemory": "✗ faltou memória · {time}",
    "lens.outOfMemory.line": "✗ faltou memória na linha {line} · {time}",
    "lens.crashed": "✗ caiu · {time}",
    "lens.crashed.line": "✗ caiu na linha {line} · {time}",
    "lens.exit-status": "✗ código de saída {status} · {time}",
    "lens.superseded": "… edição mais nova",
    "lens.refused": "✗ não foi executado",
    "lens.untrusted": "não executado: espaço de trabalho não confiável",
    "action.run": "Executar com o Tensor Hints",
    "action.run-on": "Executar com o Tensor Hints em {device}",
    "action.stop": "Parar este programa (Tensor Hints)",
    "action.device": "Tensor Hints: usar o dispositivo {device}",
    "device.auto": "auto (como o Python escolheria)",
    "device.cpu": "CPU",
    "device.cuda": "CUDA",
    "device.cuda.index": "CUDA número {index}",
    "device.simulated": "simulado (só formas)",
    "progress.run": "Executando {file}",
    "progress.warm": "Iniciando o Python e o PyTorch",
    "progress.cancelled": "Parando",
    # ---- tooltips ---------------------------------------------------------------------------------
    "tooltip.once": "uma vez",
    "tooltip.count": "{count} vezes",
    "tooltip.count.lower-bound": "≥ {count} vezes",
    "tooltip.first": "o primeiro",
    "tooltip.last": "o último",
    "tooltip.signatures": "{count} valores diferentes foram vistos aqui",
    "tooltip.more": "e mais {count}",
    "tooltip.shape": "forma",
    "tooltip.no-shape": "nenhuma (tensor aninhado)",
    "tooltip.dtype": "tipo",
    "tooltip.device": "dispositivo",
    "tooltip.layout": "layout",
    "tooltip.class": "classe",
    "tooltip.value": "valor",
    "tooltip.stride": "passos (strides)",
    "tooltip.contiguous": "contíguo",
    "tooltip.not-contiguous": "não contíguo",
    "tooltip.memory": "memória",
    "tooltip.requires-grad": "requires_grad",
    "tooltip.grad-fn": "grad_fn",
    "tooltip.guessed": "≈ depende de um valor que o dispositivo simulado teve de adivinhar",
    "tooltip.last-seen": "O último visto",
}
