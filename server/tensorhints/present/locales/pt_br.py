"""Brazilian Portuguese."""

WORDS = {
    # ---- user messages: one clear sentence that says what to do
    "no-interpreter": (
        "Nenhum interpretador Python foi encontrado: instale o Python 3.9 ou mais novo, ou indique "
        "um na configuração tensorhints.run.interpreter."
    ),
    "python-too-old": (
        "Este interpretador Python é antigo demais: escolha a versão 3.9 ou mais nova na "
        "configuração tensorhints.run.interpreter."
    ),
    "python-too-old.detail": (
        "O interpretador Python tem a versão {detail}: escolha a versão 3.9 ou mais nova na "
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
    "no-cuda": (
        "Não há um dispositivo CUDA que o PyTorch possa usar aqui: escolha o dispositivo "
        "“simulated” para ver as formas, ou “auto” ou “cpu” para calcular."
    ),
    "no-cuda-build.detail": (
        "Este PyTorch ({detail}) foi compilado sem CUDA: instale um compilado com CUDA, ou escolha "
        "o dispositivo “simulated” para ver as formas, ou “auto” ou “cpu” para calcular."
    ),
    "no-such-gpu.detail": (
        "Não há dispositivo {detail} aqui: escolha um dos que “tensorhints doctor” lista."
    ),
    "no-mps": (
        "Não há um dispositivo mps (GPU da Apple) aqui: escolha o dispositivo “auto” ou “cpu”."
    ),
    "no-context.detail": (
        "A GPU não pôde ser inicializada ({detail}): libere-a, ou escolha o dispositivo “auto” ou "
        "“cpu”."
    ),
    "simulated-missing": (
        "O dispositivo simulado não funciona com este PyTorch: escolha o dispositivo “auto” ou "
        "“cpu”."
    ),
    "simulated-missing.detail": (
        "O dispositivo simulado não funciona com este PyTorch, ao qual falta {detail}: escolha o "
        "dispositivo “auto” ou “cpu”."
    ),
    "needs-real-values": (
        "Esta linha precisa de valores reais, que o dispositivo simulado não calcula: execute o "
        "arquivo no dispositivo “cpu”."
    ),
    "bad-device.detail": (
        "“{detail}” não é um dispositivo: use “auto”, “cpu”, “cuda”, “cuda:N”, “mps” ou "
        "“simulated”."
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
    "not-run": "Este arquivo ainda não foi executado: execute-o para ver seus tensores.",
    "tensor-still-running": (
        "O programa ainda está em execução: tente de novo quando ele terminar, ou pare-o antes."
    ),
    "tensor-no-checkpoint": (
        "O estado final do programa já não está na memória: execute o arquivo de novo para "
        "inspecionar seus tensores."
    ),
    "tensor-not-here": (
        "Só no Linux é possível inspecionar os valores: em vez disso, imprima o que você quer ver."
    ),
    "tensor-too-large": (
        "O estado final do programa ocupa memória demais para ser guardado: diminua os tensores, "
        "ou imprima o que você quer ver."
    ),
    "tensor-no-answer": (
        "Inspecionar o tensor demorou demais: tente de novo, ou selecione uma parte menor dele."
    ),
    "tensor-unreadable.detail": (
        "Não é possível inspecionar este tensor ({detail}): atribua uma cópia dele a um nome, por "
        "exemplo x.clone()."
    ),
    "no-tensors": (
        "O programa não tem nenhum tensor no fim: atribua um a um nome e execute de novo."
    ),
    "no-such-tensor.detail": (
        "Não existe “{detail}” no fim do programa: escolha um dos nomes da lista."
    ),
    "not-a-tensor.detail": (
        "“{detail}” não é um tensor nem um array do NumPy: indique algo que ele contém, como "
        "{detail}.weight ou {detail}[0]."
    ),
    "bad-slice.detail": (
        "“{detail}” não combina com a forma: escreva um índice ou “:” para cada dimensão, e “:” "
        "para no máximo duas delas."
    ),
    "values-meta": "Um tensor no dispositivo “meta” tem forma, mas não tem valores.",
    "values-simulated": (
        "Um tensor simulado não tem valores: escolha o dispositivo “cpu” ou “cuda” para vê-los."
    ),
    "values-nested": (
        "Um tensor aninhado não tem uma forma única para desenhar: atribua uma de suas partes a "
        "um nome, por exemplo x.unbind()[0]."
    ),
    "values-elsewhere.detail": (
        "Os valores estão em {detail}, onde só o próprio programa pode lê-los: atribua x.cpu() a "
        "um nome para vê-los aqui."
    ),
    "values-wrapped": (
        "Este tensor não tem valores próprios: atribua a um nome o tensor comum que está dentro "
        "dele para vê-los."
    ),
    "values-too-many": (
        "Este tensor quantizado é grande demais para inspecionar: atribua uma parte dele a um nome."
    ),
    "values-unreadable.detail": (
        "Não é possível ler seus valores ({detail}): atribua a um nome uma cópia de outro tipo, "
        "por exemplo x.float()."
    ),
    "values-no-numbers.detail": "Um array do tipo {detail} não contém números para desenhar.",
    "bad-argument.detail": "O argumento do comando está errado: {detail}",
    "hides-library.detail": (
        "Nesta pasta, {detail} esconde um módulo da biblioteca padrão do Python: no Python comum, "
        "as importações (também as do torch) encontram esse arquivo no lugar dele. Esta execução "
        "usou a biblioteca padrão; renomeie o arquivo."
    ),
    "stdin-closed": (
        "O programa pediu uma entrada com input(), mas não é possível digitá-la aqui: atribua o "
        "valor no próprio código."
    ),
    "exit.reason": "código de saída {status}: {reason}",
    "exit.silent": "código de saída {status}",
    "exit.arguments": (
        "Os programas recebem seus argumentos da configuração tensorhints.run.args, uma lista como "
        '["--epochs", "3"].'
    ),
    "cli.exit.arguments": (
        "Os programas recebem seus argumentos depois de “--”: tensorhints run FILE -- --epochs 3"
    ),
    "timed-out": (
        "O programa foi parado pelo limite de tempo: aumente tensorhints.run.timeoutSeconds "
        "se ele precisar de mais."
    ),
    "timed-out.detail": (
        "O programa foi parado após {detail} s, seu limite de tempo: aumente "
        "tensorhints.run.timeoutSeconds se ele precisar de mais."
    ),
    "timed-out.detail.line": (
        "O programa foi parado após {detail} s, seu limite de tempo, na linha {line}: "
        "aumente tensorhints.run.timeoutSeconds se ele precisar de mais."
    ),
    "timed-out.line": (
        "O programa foi parado pelo limite de tempo na linha {line}: aumente "
        "tensorhints.run.timeoutSeconds se ele precisar de mais."
    ),
    "suspended": "Nada mais acontecia: o programa está suspenso e pode ser continuado.",
    "suspended.detail": (
        "Nada foi impresso nem observado por {detail} s: o programa está suspenso. Continuar o "
        "deixa seguir sem limite; tensorhints.run.timeoutSeconds muda o limite."
    ),
    "suspended.detail.line": (
        "Nada foi impresso nem observado por {detail} s: o programa está suspenso na linha {line}. "
        "Continuar o deixa seguir sem limite; tensorhints.run.timeoutSeconds muda o limite."
    ),
    "suspended.line": "Nada mais acontecia: o programa está suspenso na linha {line}.",
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
    "gpu-out-of-memory.detail": "A memória de {detail} acabou: diminua os tensores do programa.",
    "gpu-out-of-memory.detail.line": (
        "A memória de {detail} acabou na linha {line}: diminua os tensores do programa."
    ),
    "crashed": "O programa derrubou o próprio interpretador Python.",
    "crashed.detail": "O programa derrubou o próprio interpretador Python ({detail}).",
    "crashed.line": "O programa derrubou o próprio interpretador Python na linha {line}.",
    "crashed.detail.line": (
        "O programa derrubou o próprio interpretador Python ({detail}) na linha {line}."
    ),
    "killed": "Um sinal encerrou o programa.",
    "killed.detail": "O sinal {detail} encerrou o programa.",
    "runner-killed": (
        "O processo que executa seus programas foi encerrado à força e reinicia sozinho: execute "
        "o arquivo de novo."
    ),
    "output-truncated": (
        "O programa imprimiu mais do que o limite, e o resto não é mostrado: aumente "
        "tensorhints.run.outputLimitKb para vê-lo."
    ),
    "output-truncated.detail": (
        "O programa imprimiu mais do que {detail}, e o resto não é mostrado: aumente "
        "tensorhints.run.outputLimitKb para vê-lo."
    ),
    "bad-setting": (
        "A configuração {name} não pode ser {value}: {expected}. O padrão, {default}, é usado."
    ),
    "unknown-setting": "Não existe a configuração {name}: confira a grafia.",
    "cannot-rename": (
        "Não há nada aqui que possa ser renomeado: o nome não é definido neste espaço de "
        "trabalho, ou também é definido fora dele."
    ),
    "changed-meanwhile": "Um arquivo mudou nesse meio-tempo: salve todos e tente de novo.",
    "not-a-name": "Nada foi digitado: escolha um nome.",
    "not-a-name.detail": (
        "“{detail}” não é um nome em Python: use letras, dígitos e sublinhados, não comece com um "
        "dígito e não use uma palavra reservada."
    ),
    "internal-error": (
        "Algo deu errado dentro do Tensor Hints: o registro do servidor tem os detalhes; por "
        "favor, relate o problema."
    ),
    "internal-error.detail": (
        "Algo deu errado dentro do Tensor Hints ({detail}): o registro do servidor tem os "
        "detalhes; por favor, relate o problema."
    ),
    "no-interpreter.detail": (
        "O interpretador Python {detail} não pôde ser iniciado: corrija a configuração "
        "tensorhints.run.interpreter."
    ),
    "exited-early": (
        "O programa encerrou o próprio processo, como faz os._exit, e por isso seus valores "
        "finais não são conhecidos."
    ),
    "exited-early.detail": (
        "O programa encerrou o próprio processo com código de saída {detail}, como faz os._exit, "
        "e por isso seus valores finais não são conhecidos."
    ),
    "no-directory": (
        "Não foi possível entrar no diretório de trabalho: corrija a configuração "
        "tensorhints.run.cwd."
    ),
    "no-directory.detail": (
        "Não foi possível entrar no diretório de trabalho ({detail}): corrija a configuração "
        "tensorhints.run.cwd."
    ),
    "warm-up-timeout": (
        "O Python e o PyTorch demoraram demais para iniciar: rode “tensorhints doctor” para ver "
        "por quê."
    ),
    "warm-up-timeout.detail": (
        "O Python e o PyTorch não iniciaram em {detail} s: rode “tensorhints doctor” para ver por "
        "quê."
    ),
    # ---- what a setting may be
    "expected.boolean": "deve ser true ou false",
    "expected.text": "deve ser um texto",
    "expected.texts": "deve ser uma lista de textos",
    "expected.variables": "deve ser um objeto cujos valores são textos",
    "expected.number": "deve ser um número maior ou igual a 0",
    "expected.whole-number": "deve ser um número inteiro maior ou igual a 0",
    "expected.device": "deve ser auto, cpu, cuda, cuda:N, mps ou simulated",
    "expected.one-of": "deve ser um destes: {choices}",
    # ---- why a run was that of the whole file
    "whole.requested": "O arquivo todo foi executado, como pedido.",
    "whole.first-run": "O arquivo todo foi executado: foi a primeira execução dele.",
    "whole.new-host": (
        "O arquivo todo foi executado de novo: o Python foi reiniciado desde a última execução."
    ),
    "whole.checkpoints-off": (
        "O arquivo todo foi executado de novo: os checkpoints estão desligados."
    ),
    "whole.single-use": (
        "O arquivo todo foi executado de novo: aqui cada execução tem um processo próprio, sem "
        "checkpoints."
    ),
    "whole.simulated": (
        "O arquivo todo foi executado de novo: execuções simuladas não têm checkpoints."
    ),
    "whole.compiler-warning": (
        "O arquivo todo foi executado de novo: o Python emite um aviso sobre a sintaxe dele, e um "
        "arquivo assim não tem checkpoints."
    ),
    "whole.nothing-kept": (
        "O arquivo todo foi executado de novo: o que está acima da edição é rápido demais para um "
        "checkpoint."
    ),
    "whole.memory-limit": (
        "O arquivo todo foi executado de novo: os checkpoints dele foram removidos para liberar "
        "memória."
    ),
    "whole.checkpoint-lost": (
        "O arquivo todo foi executado de novo: o processo de um checkpoint tinha terminado ou não "
        "respondeu."
    ),
    "whole.settings": (
        "O arquivo todo foi executado de novo: as configurações da execução mudaram."
    ),
    "whole.executed-code.detail": (
        "O arquivo todo foi executado de novo: a edição mudou código que já tinha sido executado "
        "acima da linha {detail}, onde estava o primeiro checkpoint."
    ),
    "whole.definition-used.detail": (
        "O arquivo todo foi executado de novo: o código acima da linha {detail}, onde estava o "
        "primeiro checkpoint, pode ter usado o que a edição mudou."
    ),
    "whole.positions-used.detail": (
        "O arquivo todo foi executado de novo: o código acima da linha {detail}, onde estava o "
        "primeiro checkpoint, pode ter usado números de linha que a edição mudou."
    ),
    "whole.modules-changed.detail": (
        "O arquivo todo foi executado de novo: mudou {detail}, que o programa tinha importado."
    ),
    "whole.files-changed.detail": (
        "O arquivo todo foi executado de novo: mudou {detail}, que o programa tinha escrito ou "
        "pode ter lido."
    ),
    "whole.file-appended.detail": (
        "O arquivo todo foi executado de novo: cresceu {detail}, ao qual o programa acrescenta "
        "dados."
    ),
    "whole.file-removed.detail": (
        "O arquivo todo foi executado de novo: foi removido {detail}, que o programa mantinha "
        "aberto."
    ),
    "whole.file-locked": (
        "O arquivo todo foi executado de novo: outro programa bloqueou um arquivo que ele tinha "
        "bloqueado."
    ),
    "whole.not-resumable": (
        "O arquivo todo foi executado de novo: as funções ou os módulos dele não puderam receber o "
        "texto novo."
    ),
    "whole.file-missing": (
        "O arquivo todo foi executado de novo: faltava um arquivo ao retomar de um checkpoint."
    ),
    "whole.free-threaded.detail": (
        "O arquivo todo foi executado de novo: este Python não tem trava global (GIL), e nenhum "
        "checkpoint foi criado na linha {detail}."
    ),
    "whole.threads.detail": (
        "O arquivo todo foi executado de novo: havia threads em execução na linha {detail}."
    ),
    "whole.child-processes.detail": (
        "O arquivo todo foi executado de novo: havia processos filhos em execução na linha "
        "{detail}."
    ),
    "whole.gpu.detail": (
        "O arquivo todo foi executado de novo: uma GPU estava em uso na linha {detail}."
    ),
    "whole.timers.detail": (
        "O arquivo todo foi executado de novo: havia um alarme armado na linha {detail}."
    ),
    "whole.shared-memory.detail": (
        "O arquivo todo foi executado de novo: havia memória ou travas compartilhadas com outros "
        "processos na linha {detail}."
    ),
    "whole.connections.detail": (
        "O arquivo todo foi executado de novo: um pipe ou uma conexão de rede estava aberta na "
        "linha {detail}."
    ),
    "whole.files.detail": (
        "O arquivo todo foi executado de novo: um arquivo estava sendo reescrito ou estava "
        "bloqueado na linha {detail}."
    ),
    "whole.native-threads.detail": (
        "O arquivo todo foi executado de novo: havia threads fora do Python na linha {detail}."
    ),
    "whole.failed-cell.detail": (
        "O arquivo inteiro foi executado de novo: uma célula tinha falhado acima da linha {detail}."
    ),
    "whole.process-id.detail": (
        "O arquivo todo foi executado de novo: acima da linha {detail}, o programa tinha usado o "
        "identificador do seu processo."
    ),
    "whole.no-memory.detail": (
        "O arquivo todo foi executado de novo: faltou memória para um checkpoint na linha {detail}."
    ),
    # ---- code lenses, actions, progress
    "lens.run": "▶ Executar",
    "lens.stop": "■ Parar",
    "lens.continue": "▶ Continuar",
    "lens.suspended": "⏸ suspensa: nada de novo · {time}",
    "lens.suspended.line": "⏸ suspensa na linha {line}: nada de novo · {time}",
    "lens.warming": "… iniciando o Python e o PyTorch",
    "lens.running": "… executando",
    "lens.running.device": "… executando · {device}",
    "lens.finished": "✓ terminou em {time}",
    "line-of-cell": "{line} da célula {cell}",
    "expected-failure": "Esperado, pois a célula tem a tag raises-exception: {message}",
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
    "lens.exit-status.line": "✗ código de saída {status} na linha {line} · {time}",
    "lens.superseded": "… edição mais nova",
    "lens.refused": "✗ não foi executado",
    "lens.untrusted": "não executado: espaço de trabalho não confiável",
    "action.run": "Executar com o Tensor Hints",
    "action.run-on": "Executar com o Tensor Hints em {device}",
    "action.stop": "Parar este programa (Tensor Hints)",
    "action.continue": "Continuar a execução suspensa",
    "action.device": "Tensor Hints: usar o dispositivo {device}",
    "device.auto": "auto (como o Python escolheria)",
    "device.cpu": "CPU",
    "device.cuda": "CUDA",
    "device.cuda.index": "CUDA número {index}",
    "device.mps": "GPU da Apple (mps)",
    "device.simulated": "simulado (só formas)",
    "in-force.simulated": "simulado: nenhum valor é calculado",
    "in-force.auto": "auto: {device}",
    "in-force.auto.no-gpu": "auto: {device}, nenhuma GPU visível",
    "in-force.auto.gpus": "auto: {device}, e {gpus} se o programa pedir",
    "in-force.hidden": "{device}: as GPUs ficam escondidas do programa",
    "progress.run": "Executando {file}",
    "progress.warm": "Iniciando o Python e o PyTorch",
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
    "tooltip.placements": "distribuição",
    "tooltip.placement.S": "dividido ao longo da dimensão {argument}",
    "tooltip.placement.R": "replicado",
    "tooltip.placement.P": "parcial, ainda a reduzir",
    "tooltip.class": "classe",
    "tooltip.value": "valor",
    "tooltip.stride": "passos (strides)",
    "tooltip.contiguous": "contíguo",
    "tooltip.not-contiguous": "não contíguo",
    "tooltip.memory": "memória",
    "tooltip.requires-grad": "requires_grad",
    "tooltip.grad-fn": "grad_fn",
    "tooltip.guessed": "≈ depende de um valor que o dispositivo simulado teve de adivinhar",
    "tooltip.some-require-grad": "∇? só alguns dos valores vistos aqui exigem gradientes",
    "tooltip.last-seen": "O último visto",
    # ---- the command line -----------------------------------------------------------------------
    "cli.help": """\
O Tensor Hints executa um arquivo Python e mostra a forma, o tipo e o dispositivo de cada tensor.

  tensorhints run ARQUIVO  executa ARQUIVO uma vez e o imprime com suas dicas
  tensorhints serve        o servidor de linguagem, para um editor
  tensorhints lessons      lista o curso, verifica lições, começa uma nova
  tensorhints doctor       mostra o que executaria seu código e o que falta

  tensorhints COMANDO --help     as opções de um comando
  tensorhints --version

Idioma: inglês ou português do Brasil, conforme TENSORHINTS_LOCALE ou o idioma do sistema.
""",
    "cli.help.run": """\
tensorhints run ARQUIVO [OPÇÃO ...] [-- ARG ...]

Executa ARQUIVO uma vez e imprime o que ele imprime; depois, o código com cada dica onde um editor a
desenharia, e a explicação de uma falha sob a sua linha. ARG ... chegam ao programa em sys.argv[1:].

  --device auto|cpu|cuda[:N]|mps|simulated
                           onde ficam os tensores: como o Python faria (auto), sem GPU, em uma GPU
                           por padrão, ou simulado (só formas, sem valores)
  --timeout S              para o programa depois de S segundos
  --format text|json       texto para pessoas, ou JSON para outros programas
  --interpreter PY         o Python que executa ARQUIVO, em vez do encontrado

Código de saída: 0 terminou bem, 1 falhou, 2 não pôde ser executado, 3 parado por um limite.
""",
    "cli.help.serve": """\
tensorhints serve [--stdio | --tcp HOST:PORTA]

O servidor de linguagem. Os editores o iniciam e se comunicam com ele pela entrada e saída padrão
(--stdio, o padrão); com --tcp, ele espera por um editor nesse endereço.
""",
    "cli.help.doctor": """\
tensorhints doctor [--editors] [--json] [--interpreter PYTHON] [--device DISPOSITIVO]

Mostra qual Python executaria seu código e por quê, sua versão, o PyTorch e os dispositivos, qual
deles está em vigor e por quê, quanto tempo leva para iniciar, onde o progresso é salvo e como
resolver o que falta. --interpreter e --device são os de “tensorhints run”.

  --editors          lista, em vez disso, os editores instalados e a configuração de cada um
  --json             imprime JSON

Código de saída: 0 está tudo bem, 1 falta algo.
""",
    "cli.no-command": "Indique um comando: “tensorhints --help” os lista.",
    "cli.unknown-command": "Não existe o comando “{text}”: “tensorhints --help” os lista.",
    "cli.bad-option": "A opção {option} precisa de um valor: veja “tensorhints --help”.",
    "cli.unknown-argument": (
        "“{text}” não é um argumento aqui: veja --help. Os argumentos do programa vêm depois de --."
    ),
    "cli.no-notebook": "{path} não é um notebook que o Jupyter teria gravado.",
    "cli.cell": "célula {cell}",
    "cli.bad-usage": "Esta linha de comando não é válida ({detail}): veja “tensorhints --help”.",
    "cli.stdio-or-tcp": "Escolha entre --stdio e --tcp: o servidor atende um só editor.",
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
        "O interpretador Python tem a versão {detail}: indique um com a versão 3.9 ou mais nova "
        "com --interpreter."
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
    "doctor.device": "Em vigor",
    "doctor.warm": "Pronto após",
    "doctor.progress": "Progresso em",
    "doctor.well": "Está tudo bem.",
    "doctor.editors.none": (
        "Nenhum editor conhecido foi encontrado no PATH: qualquer editor com suporte a LSP pode "
        "iniciar “tensorhints serve” para arquivos Python."
    ),
    "doctor.editors.untested": "Com base na documentação do editor; não testado.",
    "doctor.editors.extension": (
        "Instale a extensão a partir do arquivo .vsix; ela não precisa de configuração."
    ),
    "doctor.editors.write": "Acrescente a {file}:",
    "doctor.editors.write-with": "Com {package}, acrescente a {file}:",
    "doctor.editors.too-old": "Esta versão é antiga demais: é preciso a {version} ou posterior.",
    "doctor.editors.no-command": (
        "O comando “tensorhints”, com que os editores iniciam o servidor, não está no PATH: "
        "acrescente a pasta dele, ou escreva o caminho completo no lugar de “tensorhints” abaixo."
    ),
    "doctor.no-hint": (
        "Um programa foi executado, mas não produziu nenhuma dica: por favor, relate isto."
    ),
    "doctor.why.setting": "é o que foi pedido",
    "doctor.why.own": "o próprio Tensor Hints está instalado nele",
    "doctor.why.PATH": "é o primeiro python do PATH",
    "doctor.why.variable": "a variável de ambiente {name} o indica",
    "doctor.why.workspace": "é o ambiente desta pasta ({name})",
    # ---- why an operation failed
    "explain.inner-dimensions": "as dimensões internas {left} e {right} são diferentes",
    "explain.batch-dimensions": "as dimensões de lote {left} e {right} não combinam",
    "explain.product-of-number": (
        "{name} é um único número, e um produto de matrizes pede ao menos uma dimensão: use *"
    ),
    "explain.product-rank": "{function} pede um tensor {needed}-D aqui, mas {name} é {rank}-D",
    "explain.product-types": (
        "os tipos {left} e {right} são diferentes, e um produto pede o mesmo dos dois lados"
    ),
    "explain.linear-function": (
        "a última dimensão da entrada é {given}, mas o peso foi feito para {expected}"
    ),
    "explain.einsum-count": (
        "a equação nomeia {terms} operandos, mas o número de tensores dados é {given}"
    ),
    "explain.einsum-rank": "o tensor {index} é {rank}-D, mas “{term}” é para {letters}-D",
    "explain.einsum-sizes": (
        "“{letter}” vale {left} no tensor {left_index} e {right} no tensor {right_index}"
    ),
    "explain.broadcast": (
        "os tamanhos {left} e {right} na dimensão {dimension} são diferentes, e nenhum deles é 1"
    ),
    "explain.in-place-shape": (
        "o resultado tem forma {shape}, que não cabe em {name} sem criar outro tensor"
    ),
    "explain.in-place-dtype": (
        "o resultado é de outro tipo, que não cabe em {name} ({dtype}) sem criar outro tensor"
    ),
    "explain.two-unknown-sizes": "só um tamanho de {shape} pode ficar em aberto com -1",
    "explain.view-divides": "{count} elementos não cabem em {shape}: {known} não divide {count}",
    "explain.view-count": "{count} elementos não cabem em {shape}, que comporta {known}",
    "explain.view-order": (
        "os elementos de {name} não estão na memória na ordem de que view precisa"
    ),
    "explain.permute-count": (
        "toda dimensão deve ser nomeada: {name} tem {rank}, e foram dadas {given}"
    ),
    "explain.permute-twice": "a dimensão {dimension} é nomeada duas vezes",
    "explain.expand-count": (
        "cada dimensão precisa de um tamanho: ao menos {rank}, e foram dados {given}"
    ),
    "explain.expand-size": (
        "a dimensão {dimension} tem tamanho {size}, e só um tamanho 1 pode ser expandido para "
        "{wanted}"
    ),
    "explain.no-tensors": "{function} precisa de ao menos um tensor, e a lista está vazia",
    "explain.cat-ranks": "{left} e {right} não têm o mesmo número de dimensões",
    "explain.cat-sizes": (
        "todos os tamanhos, fora a dimensão {dim}, devem coincidir, e a dimensão {dimension} é "
        "{left} em um e {right} no outro"
    ),
    "explain.stack-sizes": "todas as formas devem ser iguais, e {left} e {right} são diferentes",
    "explain.split-sizes": ("as partes somam {sum}, mas a dimensão {dimension} tem tamanho {size}"),
    "explain.dimension": (
        "não existe a dimensão {dimension}: {name} tem {rank}, contadas de {low} a {high}"
    ),
    "explain.dimension-range": (
        "não existe a dimensão {dimension}: só existem as de {low} a {high}"
    ),
    "explain.index": (
        "o índice {index} não existe: a dimensão {dimension} tem tamanho {size}, e o último é "
        "{last}"
    ),
    "explain.index-empty": "o índice {index} não existe: a dimensão {dimension} está vazia",
    "explain.index-number": "{name} é um único número, e não há nada nele para indexar",
    "explain.too-many-indices": "o índice é para {given} dimensões, mas {name} tem {rank}",
    "explain.mask-shape": "a máscara tem forma {mask}, mas aqui deve ter {own}, como {name}",
    "explain.index-type": "um índice deve ser de inteiros ou bool, e este é {dtype}",
    "explain.container-index": "o índice {index} não existe: {type} de comprimento {length}",
    "explain.linear": (
        "Linear foi feita para uma última dimensão de {expected} (in_features), mas ela é {given}"
    ),
    "explain.layer-types": "a entrada é {given}, mas os pesos de {module} são {weights}",
    "explain.conv-rank": (
        "{module} pede {plain} dimensões, ou {batched} com o lote, mas a entrada tem {rank}"
    ),
    "explain.conv-channels": (
        "{module} foi feita para {expected} canais, mas a dimensão {dimension} da entrada é {given}"
    ),
    "explain.conv-kernel": "o kernel, {kernel}, é maior que a entrada com padding, {input}",
    "explain.norm-rank": "{module} pede {needed} dimensões, mas a entrada tem {rank}",
    "explain.norm-features": (
        "{module} foi feita para {expected} atributos, mas a dimensão 1 da entrada é {given}"
    ),
    "explain.layer-norm": (
        "{module} foi feita para entradas que terminam em {expected}, não para {given}"
    ),
    "explain.recurrent": (
        "{module} foi feita para uma última dimensão de {expected} (input_size), mas ela é {given}"
    ),
    "explain.embedding-range": (
        "um índice não existe: o embedding tem {rows} linhas, contadas de 0 a {last}"
    ),
    "explain.embedding-type": "um embedding consulta números inteiros, e a entrada é {dtype}",
    "explain.heads": "{width} (embed_dim) não é divisível por {heads} (num_heads)",
    "explain.state-shape": "{name} tem forma {saved} no estado salvo, mas {own} neste módulo",
    "explain.state-missing": "o estado salvo não tem {name}, de que este módulo precisa",
    "explain.state-unexpected": "o estado salvo tem {name}, que este módulo não conhece",
    "explain.class-target-shape": (
        "para uma entrada {input}, os alvos de classe devem ter forma {wanted}, e estes têm "
        "{target}"
    ),
    "explain.class-target-type": "os alvos de classe devem ser int64, e estes são {dtype}",
    "explain.probability-type": (
        "alvos com a forma da entrada são probabilidades e devem ser float, não {dtype}"
    ),
    "explain.class-target-range": (
        "o alvo indica a classe {number}, mas há {classes}, contadas de 0 a {last}"
    ),
    "explain.binary-target-shape": (
        "a entrada e o alvo devem ter a mesma forma, e {input} e {target} são diferentes"
    ),
    "explain.binary-target-type": "o alvo deve ser float, e é {dtype}",
    "explain.backward-twice": (
        "backward já percorreu este grafo, e os valores que ele guardava se foram"
    ),
    "explain.backward-of-many": (
        "backward parte de um único número, e {name} tem {count} elementos"
    ),
    "explain.backward-without-graph": (
        "{name} não requer gradiente: nada do que o formou tem requires_grad=True"
    ),
    "explain.numpy-gradient": "{name} requer gradiente, que o NumPy não sabe acompanhar",
    "explain.numpy-device": "{name} está em {device}, e o NumPy só alcança a memória da CPU",
    "explain.item-of-many": "só se pode extrair um único número, e {name} tem {count} elementos",
    "explain.truth-of-many": (
        "uma condição deve ser um único verdadeiro ou falso, e esta tem {count} elementos, {shape}"
    ),
    "explain.leaf-changed": "{name} requer gradiente e não pode ser alterado no próprio lugar",
    "explain.changed-before-backward": (
        "um valor de que backward ainda precisava foi alterado no próprio lugar depois de usado"
    ),
    "explain.integer-gradient": (
        "só tensores de números float ou complexos podem requerer gradiente"
    ),
    "explain.no-cuda": "esta máquina não tem um dispositivo CUDA que o PyTorch possa usar",
    "explain.advice.simulated": (
        "Escolha o dispositivo “simulated” para ver os formatos como numa GPU, ou deixe tudo "
        "na CPU."
    ),
    "explain.devices": (
        "{left_name} está em {left} e {right_name} em {right}, mas ambos devem estar no mesmo "
        "dispositivo"
    ),
    "explain.devices-within": (
        "seus tensores estão em {left} e em {right}, mas todos devem estar no mesmo dispositivo"
    ),
    "explain.module-device": (
        "a entrada está em {given}, mas os pesos de {module} estão em {weights}"
    ),
    "explain.generator-device": (
        "números aleatórios em {device} precisam de um gerador de lá, e este está em {given}"
    ),
    "explain.attribute": "{type} não tem o atributo {attribute}",
    "explain.attribute-close": "{type} não tem o atributo {attribute}; talvez seja {close}",
    "explain.attribute-of-none": "o valor é None, que não tem o atributo {attribute}",
    "explain.member": "{module} não tem {attribute}",
    "explain.member-close": "{module} não tem {attribute}; talvez seja {close}",
    "explain.combination": "{function} não aceita argumentos dos tipos ({given})",
    "explain.tensor-called": "um tensor não é uma função: indexe com [ ], não com ( )",
    "explain.missing-import": "{name} não foi importado: comece o arquivo com “{line}”",
    "explain.out-of-memory": "não há memória suficiente para isto: diminua os tensores",
    "explain.out-of-gpu-memory": "não resta memória suficiente em {device} para isto",
    "explain.holders": "O que ocupava a memória de {device}:",
    "explain.holder": "{name}: {value}, {memory}",
    "explain.holder.function": "{name} em {function}: {value}, {memory}",
    "explain.inside": "Dentro de {module}.",
    "explain.inside-given": "Dentro de {module}, que recebeu {value}.",
    "explain.earlier": "{name} era {value} quando foi visto pela última vez.",
    # ---- what would help
    "explain.advice.gpu-memory": (
        "Diminua o lote, apague o que não é mais necessário ou desligue os gradientes com "
        "torch.no_grad()."
    ),
    "explain.advice.transpose": "Com {name}{call}, de forma {shape}, elas coincidiriam.",
    "explain.advice.matmul": "O operador @ aceita tensores com outro número de dimensões.",
    "explain.advice.to-dtype": "{name}.to(torch.{dtype}) lhe daria o tipo do outro.",
    "explain.advice.column": "{name}.unsqueeze(1), de forma {shape}, caberia.",
    "explain.advice.reshape": "reshape copia os elementos quando preciso: use-o no lugar de view.",
    "explain.advice.item": "Obtenha seu valor com .item().",
    "explain.advice.long": "Converta com .long().",
    "explain.advice.float": "Converta com .float().",
    "explain.advice.squeeze": "squeeze(-1) remove a última dimensão, de tamanho 1.",
    "explain.advice.input-dtype": "Converta a entrada com .to(torch.{dtype}).",
    "explain.advice.retain-graph": (
        "Calcule a perda de novo antes de cada backward, ou guarde o grafo com retain_graph=True."
    ),
    "explain.advice.reduce": "Reduza antes, com .sum() ou .mean().",
    "explain.advice.detach": "{name}.detach().numpy() deixa o gradiente para trás.",
    "explain.advice.cpu": "{name}.cpu() o copia para lá antes.",
    "explain.advice.any-all": "Use .any() ou .all() para dizer quais deles contam.",
    "explain.advice.no-grad": "Altere dentro de “with torch.no_grad():”.",
    "explain.advice.move": 'Mova {name} com .to("{device}").',
    "explain.advice.generator": (
        "Passe generator=torch.Generator('{device}'): um DataLoader que embaralha também o aceita."
    ),
    "explain.advice.move-input": 'Mova a entrada com .to("{device}").',
    # ---- the language server
    "cli.not-loopback": (
        "O servidor só escuta nesta máquina, não em {address}: use 127.0.0.1 ou localhost."
    ),
    "related.frame": "em {function}: {source}",
    # ---- lessons in the editor
    "action.lessons": "Abrir uma lição… (Tensor Hints)",
    "action.lesson": "Ler a página desta lição",
    "action.browser": "Abrir a página da lição em um navegador",
    "action.inspector": "Inspecionar os tensores em um navegador",
    "action.quiz": "Começar as perguntas: {title}",
    "action.answer": "Responder: {choice}",
    "action.check": "Verificar a etapa {number}: {title}",
    "action.hint": "Próxima dica da etapa {number}: {title}",
    "action.solution": "Mostrar a solução da etapa {number}: {title}",
    "action.reset": "Recomeçar esta lição (uma cópia do seu trabalho é guardada)",
    "action.next": "Próxima etapa: {title}",
    "action.language": "Ler as lições em português",
    "lens.lesson": "Lição {number}: {title}",
    "lens.quiz": "Perguntas",
    "lens.quiz.begun": "Perguntas {solved}/{count}",
    "lens.quiz.done": "✓ Perguntas",
    "lens.hint": "Dica",
    "lens.solution": "Solução",
    "lens.next": "Próxima etapa",
    "lens.step.correct": "✓ Etapa {number}",
    "lens.step.incorrect": "✗ Etapa {number}: {message}",
    "lens.step.not_attempted": "○ não iniciada",
    "lens.step.error_in_your_code": "⚠ Etapa {number}: {message}",
    "lens.step.changed": "… Etapa {number}",
    "lens.step.cannot_check": "? Etapa {number}: {message}",
    "lesson.which": "Qual lição você quer abrir?",
    "lesson.title": "{number}. {title}",
    "lesson.title.done": "✓ {number}. {title}",
    "lesson.open-yourself": "Abra este arquivo para fazer a lição: {path}",
    "lesson.page-yourself": "A página da lição: {path}",
    "page.address": "Abra este endereço em um navegador: {address}",
    "page.no-edit": "O editor não aceitou a alteração: copie o código da página.",
    "page.not-opened": "O editor não abriu o arquivo: abra {path} você mesmo.",
    "unknown-page.detail": "Não existe a página “{detail}”: peça “lesson” ou “inspector”.",
    "pages-not-built": (
        "As páginas não foram geradas: execute `npm ci && npm run build` na pasta vscode-client."
    ),
    "pages-not-served.detail": "As páginas não podem ser servidas nesta máquina: {detail}",
    "quiz.right": "✓",
    "quiz.wrong": "✗",
    "quiz.proof": "{source} dá {output}",
    "quiz.proof-error": "{source} falha: {error}",
    "quiz.try-again": "Tentar de novo",
    "quiz.next": "Próxima pergunta",
    "quiz.pick-an-action": "{question} Responda com uma ação de código no arquivo da lição.",
    "hint.shown": "Dica {number} de {count}: {hint}",
    "hint.all-shown": "Todas as {count} dicas já foram mostradas. A última: {hint}",
    "solution.shown": "A solução da etapa {number} está no seu arquivo; desfazer a retira.",
    "solution.message": "A solução da etapa {number}: {source}",
    "reset.done": "A lição recomeça; seu trabalho está guardado em {path}.",
    "unknown-lesson.detail": "Não existe a lição “{detail}”: abra uma da lista.",
    "unknown-step.detail": "Esta lição não tem a etapa “{detail}”.",
    "unknown-choice.detail": "Esta pergunta não tem a resposta “{detail}”.",
    "unknown-locale.detail": "As lições não foram escritas em “{detail}”.",
    "no-lessons": "O curso não está instalado: reinstale o Tensor Hints.",
    "no-challenge": "Esta lição não tem desafio.",
    "no-quiz": "Esta lição não tem perguntas.",
    "no-hints": "Esta etapa não tem dicas.",
    "not-a-challenge.detail": "A etapa “{detail}” não é um desafio.",
    "not-a-quiz.detail": "A etapa “{detail}” não é uma pergunta.",
    "lesson-unreadable.detail": "O arquivo da lição não pode ser lido nem gravado: {detail}",
    "lesson-not-open": "Abra o arquivo da lição para fazer isto.",
    # ---- the course: messages for authors and learners
    "cli.help.lessons": """\
tensorhints lessons list
tensorhints lessons check [CAMINHO] [--json]
tensorhints lessons new ID [CAMINHO]
tensorhints lessons export [ARQUIVO]
tensorhints lessons import ARQUIVO

list    as lições do curso, em ordem
check   diz o que há de errado nas lições, com arquivo e linha: lê as lições e depois executa todos
        os arquivos iniciais, soluções e erros conhecidos. CAMINHO é a pasta de um curso ou de uma
        lição; sem ele, o curso da pasta atual, ou o que foi instalado com o Tensor Hints
new     cria uma lição no fim do curso: arquivos que passam na verificação, para você editar
export  escreve seu progresso em JSON, em ARQUIVO ou na saída padrão
import  acrescenta o progresso exportado em outro lugar; nada do seu se perde

Como se escrevem lições: docs/authoring.md.

Código de saída: 0 está tudo certo, 1 há problemas, 2 não foi possível executar.
""",
    "cli.lessons.none": "Não há um curso em {path}: indique a pasta que contém course.toml.",
    "cli.lessons.ok": "Lições: {lessons}. Arquivos executados: {files}. Está tudo certo.",
    "cli.lessons.found": "{count} problemas encontrados.",
    "cli.lessons.found-one": "1 problema encontrado.",
    "cli.lessons.action": (
        "“{text}” não é um comando de “tensorhints lessons”: use list, check, new, export ou "
        "import."
    ),
    "cli.lessons.no-action": (
        "Indique o que fazer com as lições: list, check, new, export ou import."
    ),
    "cli.lessons.no-id": "Dê nome à nova lição: “tensorhints lessons new einsum”.",
    "cli.lessons.bad-id": (
        "“{text}” não serve de id: use letras minúsculas, algarismos e hifens simples."
    ),
    "cli.lessons.taken": "Já existe a lição “{text}”: escolha outro id.",
    "cli.lessons.cannot-write": "A lição não pode ser escrita: {reason}.",
    "cli.lessons.no-place": (
        "{path} não tem uma lista “lessons = […]” à qual acrescentar a nova lição."
    ),
    "cli.lessons.started": "A lição “{id}” foi criada em {path}.",
    "cli.lessons.check-it": "Edite seus arquivos e depois: tensorhints lessons check {path}",
    "progress-newer.detail": (
        "Seu progresso foi salvo por uma versão mais nova do Tensor Hints e não é alterado "
        "({detail}): atualize o Tensor Hints para continuar."
    ),
    "progress-unreachable.detail": (
        "Seu progresso não pode ser salvo ({detail}): o que você fizer agora só é lembrado até o "
        "editor fechar."
    ),
    "progress-no-export.detail": "Isto não é um progresso exportado ({detail}): nada foi alterado.",
    "verdict.correct": "Correto.",
    "verdict.not_attempted": "Ainda não começado: substitua as “...”.",
    "verdict.error_in_your_code": "Seu código falha antes que isto possa ser verificado.",
    "verdict.cannot_check": (
        "Não foi possível verificar isto, e a culpa não é sua: execute o arquivo de novo."
    ),
    "verdict.cannot_check.simulated": (
        "O dispositivo simulado não calcula valores, por isso isto não pode ser verificado nele: "
        "escolha o dispositivo “cpu”."
    ),
    "verdict.incorrect.missing": "{name} ainda não existe.",
    "verdict.incorrect.type": "{name} é {actual}, e o esperado é {expected}.",
    "verdict.incorrect.rank": "{name} tem {actual} dimensões, e o esperado são {expected}.",
    "verdict.incorrect.shape": "{name} tem forma {actual}, e a esperada é {expected}.",
    "verdict.incorrect.dtype": "{name} é do tipo {actual}, e o esperado é {expected}.",
    "verdict.incorrect.device": "{name} está em {actual}, e o esperado é {expected}.",
    "verdict.incorrect.requires_grad": (
        "{name} tem requires_grad={actual}, e o esperado é {expected}."
    ),
    "verdict.incorrect.values": "{name} tem a forma certa, mas valores diferentes dos esperados.",
    "issue.toml": "Isto não é TOML válido: {detail}.",
    "issue.not-utf8": "Esta linha não está em UTF-8: salve o arquivo em UTF-8.",
    "issue.unreadable": "O arquivo não pode ser lido: {detail}.",
    "issue.no-such-file": "Este arquivo está faltando.",
    "issue.no-such-lesson": "Não existe a pasta {folder}: crie-a ou remova-a da lista.",
    "issue.unlisted-lesson": "A pasta {folder} contém uma lição que não está na lista “lessons”.",
    "issue.repeated-lesson-id": "O id “{id}” já é usado por {other}: escolha outro.",
    "issue.unknown-requirement": "Nenhuma lição tem o id “{id}”.",
    "issue.cycle": "A lição “{id}” exige a si mesma, por meio das lições que exige.",
    "issue.missing-key": "Falta a chave “{key}”.",
    "issue.unknown-key": "A chave “{key}” é desconhecida: confira a grafia.",
    "issue.bad-type": "“{key}” deve ter esta forma: {wanted}.",
    "issue.other-version": (
        "Esta é a versão {found} do formato, mas este programa aceita a versão {known}."
    ),
    "issue.bad-id": "“{value}” não é um id: use letras minúsculas, algarismos e hifens simples.",
    "issue.bad-locale": "“{value}” não é um idioma: use uma etiqueta como en ou pt-BR.",
    "issue.bad-folder": (
        "“{value}” não é uma pasta de lição: use dois algarismos e um nome, como 09-einsum."
    ),
    "issue.bad-file-name": (
        "“{value}” não é um arquivo Python desta pasta: use um nome como tensors.py."
    ),
    "issue.bad-check-id": (
        "“{value}” não é um id de verificação: use a etapa e o que se verifica, como row.shape."
    ),
    "issue.bad-name": "“{value}” não é um nome em Python.",
    "issue.bad-kind": "Uma etapa é do tipo theory, quiz ou challenge, e não “{value}”.",
    "issue.bad-proof-device": (
        "Uma prova roda no dispositivo cpu ou simulated, e não em “{value}”."
    ),
    "issue.no-title-in": "O curso não tem título no idioma {language}.",
    "issue.no-steps": "A lição não tem nenhum [[step]].",
    "issue.repeated-id": "O id “{id}” aparece aqui pela segunda vez.",
    "issue.no-starter": "Não há um arquivo Python para o aluno abrir: escreva um.",
    "issue.several-starters": "Indique em “file” qual destes o aluno abre: {files}.",
    "issue.no-such-starter": "Não existe o arquivo {file} para o aluno abrir.",
    "issue.no-such-checks": "Não existe o arquivo {file} com as verificações desta etapa.",
    "issue.too-few-choices": "Uma pergunta precisa de duas alternativas ou mais.",
    "issue.not-one-correct": "Exatamente uma alternativa deve estar certa; aqui são {count}.",
    "issue.unknown-step": "lesson.toml não tem a etapa “{id}”.",
    "issue.step-without-words": (
        "A etapa “{id}” não tem seção aqui: escreva “## Título {{#{id}}}” e seu texto."
    ),
    "issue.step-without-body": "A etapa “{step}” tem título, mas não tem texto.",
    "issue.no-choice": "A alternativa “{id}” não tem texto em {{#{step}-choices}}.",
    "issue.no-explanation": (
        "A alternativa “{id}” não tem explicação em {{#{step}-explanations}}."
    ),
    "issue.unknown-choice": "A etapa “{step}” não tem a alternativa “{id}”.",
    "issue.unknown-explanation": "A etapa “{step}” não tem a alternativa “{id}” para explicar.",
    "issue.other-number-of-hints": (
        "A etapa “{step}” tem {wanted} dicas em lesson.toml, mas {found} aqui."
    ),
    "issue.unknown-feedback": "A etapa “{step}” não tem a verificação “{id}”.",
    "issue.text-before-title": "O arquivo deve começar com o título: “# Título {{#lesson}}”.",
    "issue.no-title": "O arquivo não tem título: escreva “# Título {{#lesson}}”.",
    "issue.second-title": "“{title}” é um segundo título: as etapas começam com ##.",
    "issue.title-without-id": "Depois do título “{title}” deve vir {{#lesson}}.",
    "issue.heading-without-id": "Depois de “{title}” deve vir o id da etapa, em {{#…}}.",
    "issue.section-outside-step": "A seção “{id}” vem antes da primeira etapa.",
    "issue.unknown-section": (
        "“{id}” não é seção da etapa “{step}”: elas terminam em -choices, -explanations, -hints e "
        "-feedback."
    ),
    "issue.not-a-numbered-item": (
        "{{#{section}}} só pode conter dicas numeradas: comece com “1. ” e recue as linhas de "
        "continuação."
    ),
    "issue.not-a-named-item": (
        "{{#{section}}} só pode conter itens como “- `id`: texto”: recue as linhas de continuação."
    ),
    "issue.empty-item": "O item “{id}” não tem texto.",
    "issue.unclosed-fence": "Um bloco de código começa aqui e nunca termina.",
    "issue.no-such-file-named": "Não existe o arquivo {file}.",
    "issue.bad-proof": (
        "O que a alternativa “{id}” executa não é uma expressão em Python: {detail}."
    ),
    "issue.checks-syntax": "As verificações não são Python válido: {detail}.",
    "issue.check-of-no-step": "Nenhuma etapa de lesson.toml usa a verificação “{id}”.",
    "issue.no-such-check": "{file} não define a verificação “{id}”.",
    "issue.no-solution": "A lição não tem solution.py.",
    "issue.no-mistakes": "A lição não tem nenhum erro conhecido: escreva um em wrong/NOME.py.",
    "issue.mistake-without-check": (
        "A primeira linha deve dizer em que verificação este erro falha: “# trips: row.shape”."
    ),
    "issue.unknown-check": "Nenhuma etapa tem a verificação “{id}”.",
    "issue.no-feedback": (
        "Falta na etapa “{step}” a resposta para “{id}”, que existe em outro idioma."
    ),
    "issue.unknown-difference": "“{id}” não termina em um tipo de diferença; os tipos são {all}.",
    "issue.unknown-placeholder": "{name} não é um campo válido aqui; use {all}.",
    "issue.other-placeholders": (
        "A resposta para “{id}” tem em {language} campos diferentes dos de {other}."
    ),
    "issue.hint-holds-solution": (
        "A dica entrega a solução, {answer}: diga apenas o nome da operação."
    ),
    "issue.image-from-the-web": "Um desenho deve estar em media/, e não na web: {link}.",
    "issue.bad-link": "O link “{link}” não leva nem à web (https://…) nem a media/….",
    "issue.drawing-left-out": "{file}, que outro idioma mostra, não é mostrado aqui.",
    "issue.drawing-not-shown": "Nenhuma página mostra {file}.",
    "issue.svg-unreadable": "O desenho não pode ser lido: {detail}.",
    "issue.svg-without-title": "O desenho não tem <title> para quem não pode vê-lo.",
    "issue.svg-without-desc": "O desenho não tem <desc> para quem não pode vê-lo.",
    "issue.svg-unsafe": "Um desenho não pode conter {what}.",
    "issue.check-failed": (
        "A própria verificação “{id}” falha, o que nunca é culpa do aluno: {detail}."
    ),
    "issue.no-verdict": "A etapa “{step}” não recebeu veredito.",
    "issue.starter-passes": "A etapa “{step}” está resolvida antes de o aluno começar.",
    "issue.does-not-run": "{file} não roda até o fim: {detail}.",
    "issue.solution-not-accepted": "A verificação “{id}” não aceita esta solução: {detail}.",
    "issue.trips-another": "Este erro falha em “{id}” ({detail}), e não em “{wanted}”.",
    "issue.trips-nothing": "Este erro passa: “{wanted}” não o detecta.",
    "verdict.error_in_your_code.exception": "Seu código falha aqui com {exception}: {error}",
    "verdict.error_in_your_code.endless": "Seu código não termina aqui.",
    "cli.lessons.no-import-file": (
        "Indique o arquivo com o progresso exportado: “tensorhints lessons import ARQUIVO”."
    ),
    "cli.lessons.file-exists": "{path} já existe: escolha outro nome.",
    "cli.lessons.no-export": "{path} não pode ser escrito: {reason}.",
    "cli.lessons.imported": "O progresso em {path} agora faz parte do seu.",
    "issue.bad-choice-id": (
        "“{value}” não é um id de alternativa: use minúsculas, algarismos, hifens e sublinhados."
    ),
}
