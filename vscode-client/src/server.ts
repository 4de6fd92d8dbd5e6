/**
 * The language server's life: started where the workspace is trusted, restarted one at a time, and
 * spoken to by name. Shows nothing.
 */

import * as vscode from "vscode";
import {
  LanguageClient,
  State,
  type LanguageClientOptions,
  type Middleware,
  type StaticFeature,
} from "vscode-languageclient/node";

import { PROGRAMS } from "./editors";
import type { SelectedInterpreter } from "./interpreter";
import { LaunchError, launch } from "./launch";
import { RestartQueue } from "./restartQueue";
import { SECTION, clientSettings, locale } from "./settings";
import { type COMMANDS, NOTIFICATIONS } from "./shared/protocol";

const PREFIX = "tensorhints.server.";

/** `restricted`: the workspace is not trusted, and nothing has been started. */
export type ServerState = "restricted" | "starting" | "ready" | "stopped" | "failed";

/** What a command of the editor's own (a lens, an action) does; false where the server shall. */
export type Intercept = (name: string, argument: unknown) => Promise<unknown> | false;

const extensions: StaticFeature = {
  fillClientCapabilities: (capabilities) => {
    capabilities.experimental = { ...capabilities.experimental, tensorhints: true };
  },
  initialize: () => undefined,
  getState: () => ({ kind: "static" }),
  clear: () => undefined,
};

export class Server implements vscode.Disposable {
  private client: LanguageClient | undefined;
  private current: ServerState = "starting";
  private disposed = false;
  private startedWith = "";
  private readonly queue = new RestartQueue(() => this.startAnew());
  private readonly stateChanged = new vscode.EventEmitter<ServerState>();
  private readonly notified = new vscode.EventEmitter<{ method: string; params: unknown }>();
  private readonly disposables: vscode.Disposable[] = [this.stateChanged, this.notified];

  readonly onDidChangeState = this.stateChanged.event;
  /** Notifications `tensorhints/…`, without that prefix. */
  readonly onNotification = this.notified.event;
  intercept: Intercept = () => false;

  constructor(
    private readonly extension: vscode.ExtensionContext,
    private readonly selected: SelectedInterpreter,
    readonly log: vscode.LogOutputChannel,
  ) {
    this.disposables.push(
      selected.onDidChange(() => this.settingsChanged()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => void this.restart()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        // Trust and profiles tell of settings that have the same value as before.
        if (event.affectsConfiguration(`${SECTION}.server`) && this.wouldDiffer()) {
          void this.restart();
        }
      }),
    );
  }

  get state(): ServerState {
    return this.current;
  }

  /** Never fails: the state says how it went. */
  restart(): Promise<void> {
    return this.queue.ask();
  }

  /** The state as soon as it is no longer on its way to another. */
  settled(): Promise<ServerState> {
    if (this.current !== "starting") return Promise.resolve(this.current);
    return new Promise((resolve) => {
      const listening = this.onDidChangeState((state) => {
        if (state === "starting") return;
        listening.dispose();
        resolve(state);
      });
    });
  }

  /** What the server answers to one of its commands, once it is there. Raises where it is not. */
  async send(command: (typeof COMMANDS)[number], argument: object = {}): Promise<unknown> {
    await this.settled();
    const { client } = this;
    if (client === undefined || this.current !== "ready") throw new Error(this.why());
    try {
      return await client.sendRequest("workspace/executeCommand", {
        command: PREFIX + command,
        arguments: [argument],
      });
    } catch (error) {
      // It was restarted or went away meanwhile: that is the reason, not a request's number.
      throw client === this.client ? error : new Error(this.why());
    }
  }

  async dispose(): Promise<void> {
    this.disposed = true;
    for (const disposable of this.disposables) disposable.dispose();
    await this.stop();
  }

  /** Why it answers nothing, in the user's words. */
  private why(): string {
    if (this.current === "restricted") {
      return vscode.l10n.t("Nothing runs until this folder is trusted.");
    }
    if (this.current === "starting") return vscode.l10n.t("The server is starting.");
    return vscode.l10n.t("The server is not running. Restart it, or look into its log.");
  }

  private async startAnew(): Promise<void> {
    await this.stop();
    if (this.disposed) return;
    if (!vscode.workspace.isTrusted) return this.become("restricted");
    this.become("starting");
    this.startedWith = startSettings();
    try {
      const executable = await launch(this.extension, this.selected);
      this.log.info(`starting ${executable.command} ${(executable.args ?? []).join(" ")}`);
      const client = new LanguageClient(SECTION, "Tensor Hints", executable, await this.options());
      client.registerFeature(extensions);
      this.listen(client);
      this.client = client;
      await client.start();
      this.become("ready");
    } catch (error) {
      this.become("failed");
      this.log.error(error instanceof Error ? error : String(error));
      void this.tell(error);
    }
  }

  private async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (client === undefined) return;
    try {
      await client.dispose();
    } catch (error) {
      this.log.warn(`the server did not stop as asked: ${String(error)}`);
    }
  }

  private listen(client: LanguageClient): void {
    for (const name of NOTIFICATIONS) {
      client.onNotification(`${SECTION}/${name}`, (params: unknown) =>
        this.notified.fire({ method: name, params }),
      );
    }
    client.onDidChangeState(({ newState }) => {
      if (client !== this.client) return;
      if (newState === State.Starting) this.become("starting");
      else if (newState === State.Running) this.become("ready");
      else if (this.current !== "failed") this.become("stopped");
    });
  }

  private async options(): Promise<LanguageClientOptions> {
    return {
      documentSelector: PROGRAMS.map((scheme) => ({ scheme, language: "python" })),
      outputChannel: this.log,
      initializationOptions: {
        trusted: vscode.workspace.isTrusted,
        locale: locale(),
        settings: this.settings(await this.selected.path()),
      },
      middleware: this.middleware(),
    };
  }

  private middleware(): Middleware {
    return {
      executeCommand: (command, args, next) => {
        const name = command.startsWith(PREFIX) ? command.slice(PREFIX.length) : command;
        const answered = this.intercept(name, args[0]);
        return answered === false ? next(command, args) : answered;
      },
      workspace: {
        configuration: async (params, token, next) => {
          const answers = await next(params, token);
          if (!Array.isArray(answers)) return answers;
          const interpreter = await this.selected.path();
          return answers.map((answer, index) =>
            params.items[index]?.section === SECTION ? this.settings(interpreter) : answer,
          );
        },
      },
    };
  }

  /** The user's settings; programs run in the selected interpreter where no setting names one. */
  private settings(selected: string | null): object {
    const all = vscode.workspace.getConfiguration(SECTION);
    const sent = JSON.parse(JSON.stringify(all)) as { run?: object };
    if (selected !== null && clientSettings().runInterpreter === "") {
      sent.run = { ...sent.run, interpreter: selected };
    }
    return sent;
  }

  private wouldDiffer(): boolean {
    return this.startedWith !== startSettings();
  }

  private settingsChanged(): void {
    if (this.current !== "ready") return;
    void this.client?.sendNotification("workspace/didChangeConfiguration", { settings: null });
  }

  private become(state: ServerState): void {
    if (this.disposed) return;
    this.current = state;
    this.stateChanged.fire(state);
  }

  private async tell(error: unknown): Promise<void> {
    const openLog = vscode.l10n.t("Show Log");
    const openSettings = vscode.l10n.t("Open Settings");
    const said =
      error instanceof LaunchError
        ? error.message
        : vscode.l10n.t("The Tensor Hints server could not be started. Its log says why.");
    const chosen = await vscode.window.showErrorMessage(said, openSettings, openLog);
    if (chosen === openLog) this.log.show();
    if (chosen === openSettings) {
      await vscode.commands.executeCommand("workbench.action.openSettings", "tensorhints.server");
    }
  }
}

/** The settings that decide how the server is started. */
function startSettings(): string {
  const { serverPath, serverInterpreter } = clientSettings();
  return JSON.stringify([serverPath, serverInterpreter]);
}
