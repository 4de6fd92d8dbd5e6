"""Brazilian Portuguese."""

WORDS = {
    # ---- notices: one clear sentence that says what to do
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
        "Algo deu errado dentro do Tensor Hints: o registro do servidor tem os detalhes; por "
        "favor, relate o problema."
    ),
    "internal-error.detail": (
        "Algo deu errado dentro do Tensor Hints ({detail}): o registro do servidor tem os "
        "detalhes; por favor, relate o problema."
    ),
    # ---- what a setting may be
    "expected.boolean": "deve ser true ou false",
    "expected.text": "deve ser um texto",
    "expected.texts": "deve ser uma lista de textos",
    "expected.variables": "deve ser um objeto cujos valores são textos",
    "expected.number": "deve ser um número maior ou igual a 0",
    "expected.whole-number": "deve ser um número inteiro maior ou igual a 0",
    "expected.device": "deve ser auto, cpu, cuda, cuda:N ou simulated",
    "expected.one-of": "deve ser um destes: {choices}",
    # ---- code lenses, actions, progress
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
    # ---- tooltips
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
    # ---- the command line -----------------------------------------------------------------------
    "cli.help": """\
O Tensor Hints executa um arquivo Python e mostra a forma, o tipo e o dispositivo de cada tensor.

  tensorhints run ARQUIVO  executa ARQUIVO uma vez e o imprime com suas dicas
  tensorhints serve        o servidor de linguagem, para um editor
  tensorhints doctor       diz o que executaria seu código e o que falta

  tensorhints COMANDO --help     as opções de um comando
  tensorhints --version

Idioma: inglês ou português do Brasil, conforme TENSORHINTS_LOCALE ou o idioma do sistema.
""",
    "cli.help.run": """\
tensorhints run ARQUIVO [OPÇÃO ...] [-- ARG ...]

Executa ARQUIVO uma vez e imprime o que ele imprime; depois, o código com cada dica onde um editor a
desenharia, e a explicação de uma falha sob a sua linha. ARG ... chegam ao programa em sys.argv[1:].

  --device auto|cpu|cuda[:N]|simulated
                           onde ficam os tensores: como o Python faria (auto), sem GPU, em uma GPU
                           por padrão, ou simulado: só formas, sem valores
  --timeout S              para o programa depois de S segundos
  --format text|json       texto para pessoas, ou JSON para outros programas
  --interpreter PY         o Python que executa ARQUIVO, em vez do encontrado

Código de saída: 0 terminou bem, 1 falhou, 2 não pôde ser executado, 3 parado por um limite.
""",
    "cli.help.serve": """\
tensorhints serve [--stdio | --tcp HOST:PORTA]

O servidor de linguagem. Os editores o iniciam e falam com ele pela entrada e saída padrão (--stdio,
o que vale se nada for dito); com --tcp ele espera por um editor nesse endereço.
""",
    "cli.help.doctor": """\
tensorhints doctor [--json]

Diz qual Python executaria seu código e por quê, sua versão, o PyTorch e os dispositivos, quanto
tempo leva para ficar pronto, onde o progresso é guardado e o que fazer quanto ao que falta.

Código de saída: 0 está tudo bem, 1 falta algo.
""",
    "cli.no-command": "Diga o que fazer: “tensorhints --help” lista os comandos.",
    "cli.unknown-command": "Não existe o comando “{text}”: “tensorhints --help” os lista.",
    "cli.bad-option": "A opção {option} precisa de um valor: “tensorhints --help” explica.",
    "cli.unknown-argument": (
        "“{text}” não significa nada aqui: veja --help. Os argumentos do programa vêm depois de --."
    ),
    "cli.bad-usage": "Esta linha de comando não é a usual ({detail}): veja “tensorhints --help”.",
    "cli.stdio-or-tcp": "Escolha entre --stdio e --tcp: o servidor fala com um só editor.",
    "cli.no-file": "Indique o arquivo Python a executar: “tensorhints run ARQUIVO”.",
    "cli.bad-format": "“{text}” não é um formato: use text ou json.",
    "cli.bad-timeout": "“{text}” não é um limite de tempo: use um número de segundos acima de 0.",
    "cli.bad-address": "“{text}” não é um endereço: use HOST:PORTA, como 127.0.0.1:2087.",
    "cli.cannot-listen": "O servidor não pode escutar em {address}: {reason}.",
    "cli.no-text": (
        "{path} não é texto em UTF-8: salve-o como UTF-8 ou declare a codificação no início."
    ),
    "cli.no-interpreter": (
        "Nenhum interpretador Python foi encontrado: instale o Python 3.9 ou mais novo, ou indique "
        "um com --interpreter."
    ),
    "cli.no-interpreter.detail": (
        "Não há interpretador Python em {detail}: indique outro com --interpreter."
    ),
    "cli.python-too-old.detail": (
        "O interpretador Python é da versão {detail}: indique um da versão 3.9 ou mais nova com "
        "--interpreter."
    ),
    "cli.no-torch": (
        "O PyTorch não está instalado no interpretador Python escolhido: rode “pip install torch” "
        "nele, ou indique outro com --interpreter."
    ),
    "cli.no-torch.detail": (
        "O PyTorch não está instalado em {detail}: rode “{detail} -m pip install torch”, ou "
        "indique outro interpretador com --interpreter."
    ),
    "cli.timed-out.detail": "O programa foi parado após {detail} s, como pedido em --timeout.",
    "cli.timed-out.detail.line": (
        "O programa foi parado após {detail} s, como pedido em --timeout; estava na linha {line}."
    ),
    "cli.raised-in": "levantado em {path}:{line}, {function}: {source}",
    "cli.called-from": "chamado de {path}:{line}, {function}: {source}",
    "cli.was-at": "Estava em {path}:{line}.",
    "cli.also-watched": "Também observados, com o número de dicas: {files}",
    "doctor.server": "Tensor Hints",
    "doctor.interpreter": "Interpretador",
    "doctor.why": "Escolhido porque",
    "doctor.python": "Python",
    "doctor.torch": "PyTorch",
    "doctor.devices": "Dispositivos",
    "doctor.warm": "Pronto após",
    "doctor.progress": "Progresso em",
    "doctor.well": "Está tudo bem.",
    "doctor.no-hint": "Um programa rodou, mas nenhuma dica voltou dele: por favor, relate isto.",
    "doctor.why.setting": "é o que foi pedido",
    "doctor.why.own": "o próprio Tensor Hints está instalado nele",
    "doctor.why.PATH": "é o primeiro python do PATH",
    "doctor.why.variable": "a variável de ambiente {name} o indica",
    "doctor.why.workspace": "é o ambiente desta pasta ({name})",
}
