/** The language server's process: starts it in trusted workspaces, restarts it, sends commands. */

import * as vscode from "vscode";
import {
  LanguageClient,
  type LanguageClientOptions,
  type Middleware,
  State,
  type StaticFeature,
} from "vscode-languageclient/node";
import { type COMMANDS, NOTIFICATIONS } from "../shared/protocol";
import type { SelectedInterpreter } from "./interpreter";
import { launch, LaunchError } from "./launch";
import { RestartQueue } from "./restartQueue";
import { clientSettings, locale, PROGRAM_SCHEMES, SECTION } from "./settings";

const PREFIX = "tensorhints.server.";

/** `restricted`: the workspace is not trusted, and nothing has been started. */
export type ServerState = "restricted" | "starting" | "ready" | "stopped" | "failed";

/** Handles a command of a code lens or code action; false leaves it to the server. */
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
  private readonly queue = new RestartQueue(() => this.startAgain());
  private readonly stateChanged = new vscode.EventEmitter<ServerState>();
  private readonly notified = new vscode.EventEmitter<{ method: string; params: unknown }>();
  private readonly disposables: vscode.Disposable[] = [this.stateChanged, this.notified];

  readonly onDidChangeState = this.stateChanged.event;
  /** Fires for notifications `tensorhints/…`; the method is without that prefix. */
  readonly onNotification = this.notified.event;
  intercept: Intercept = () => false;

  constructor(
    private readonly extension: vscode.ExtensionContext,
    private readonly interpreter: SelectedInterpreter,
    readonly log: vscode.LogOutputChannel,
  ) {
    this.disposables.push(
      interpreter.onDidChange(() => this.sendSettings()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => void this.restart()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        // Trust and profiles report settings whose values are the same as before.
        if (event.affectsConfiguration(`${SECTION}.server`) && this.startSettingsChanged()) {
          void this.restart();
        }
      }),
    );
  }

  get state(): ServerState {
    return this.current;
  }

  /** Restart the server. Does not fail: `state` is the outcome. */
  restart(): Promise<void> {
    return this.queue.request();
  }

  /** Wait while the server is starting, and return the state that follows. */
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

  /** Send a command once the server has started. Throws if it is not running or the command fails. */
  async send(command: (typeof COMMANDS)[number], argument: object = {}): Promise<unknown> {
    await this.settled();
    const { client } = this;
    if (client === undefined || this.current !== "ready") throw new Error(this.unavailableReason());
    try {
      return await client.sendRequest("workspace/executeCommand", {
        command: PREFIX + command,
        arguments: [argument],
      });
    } catch (error) {
      // If it was restarted or ended meanwhile, the error of the request is not the reason.
      throw client === this.client ? error : new Error(this.unavailableReason());
    }
  }

  async dispose(): Promise<void> {
    this.disposed = true;
    for (const disposable of this.disposables) disposable.dispose();
    await this.stop();
  }

  /** Why the server does not answer, as a sentence for the user. */
  private unavailableReason(): string {
    if (this.current === "restricted") {
      return vscode.l10n.t("Nothing runs until this folder is trusted.");
    }
    if (this.current === "starting") return vscode.l10n.t("The server is starting.");
    return vscode.l10n.t("The server is not running. Restart it or see its log.");
  }

  private async startAgain(): Promise<void> {
    await this.stop();
    if (this.disposed) return;
    if (!vscode.workspace.isTrusted) return this.setState("restricted");
    this.setState("starting");
    this.startedWith = startSettings();
    try {
      const executable = await launch(this.extension, this.interpreter);
      this.log.info(`starting ${executable.command} ${(executable.args ?? []).join(" ")}`);
      const client = new LanguageClient(SECTION, "Tensor Hints", executable, await this.options());
      client.registerFeature(extensions);
      this.forwardEvents(client);
      this.client = client;
      await client.start();
      this.setState("ready");
    } catch (error) {
      this.setState("failed");
      this.log.error(error instanceof Error ? error : String(error));
      void this.showStartError(error);
    }
  }

  private async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (client === undefined) return;
    try {
      await client.dispose();
    } catch (error) {
      this.log.warn(`the server did not stop properly: ${String(error)}`);
    }
  }

  private forwardEvents(client: LanguageClient): void {
    for (const name of NOTIFICATIONS) {
      client.onNotification(`${SECTION}/${name}`, (params: unknown) =>
        this.notified.fire({ method: name, params }),
      );
    }
    client.onDidChangeState(({ newState }) => {
      if (client !== this.client) return;
      if (newState === State.Starting) this.setState("starting");
      else if (newState === State.Running) this.setState("ready");
      else if (this.current !== "failed") this.setState("stopped");
    });
  }

  private async options(): Promise<LanguageClientOptions> {
    return {
      documentSelector: PROGRAM_SCHEMES.map((scheme) => ({ scheme, language: "python" })),
      outputChannel: this.log,
      initializationOptions: {
        trusted: vscode.workspace.isTrusted,
        locale: locale(),
        settings: this.settings(await this.interpreter.path()),
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
          const interpreter = await this.interpreter.path();
          return answers.map((answer, index) =>
            params.items[index]?.section === SECTION ? this.settings(interpreter) : answer,
          );
        },
      },
    };
  }

  /** The user's settings, with the selected interpreter for programs unless a setting names one. */
  private settings(selected: string | null): object {
    const all = vscode.workspace.getConfiguration(SECTION);
    const sent = JSON.parse(JSON.stringify(all)) as { run?: object };
    if (selected !== null && clientSettings().runInterpreter === "") {
      sent.run = { ...sent.run, interpreter: selected };
    }
    return sent;
  }

  private startSettingsChanged(): boolean {
    return this.startedWith !== startSettings();
  }

  private sendSettings(): void {
    if (this.current !== "ready") return;
    void this.client?.sendNotification("workspace/didChangeConfiguration", { settings: null });
  }

  private setState(state: ServerState): void {
    if (this.disposed) return;
    this.current = state;
    this.stateChanged.fire(state);
  }

  private async showStartError(error: unknown): Promise<void> {
    const openLog = vscode.l10n.t("Show Log");
    const openSettings = vscode.l10n.t("Open Settings");
    const message =
      error instanceof LaunchError
        ? error.message
        : vscode.l10n.t("The Tensor Hints server could not be started. See its log.");
    const chosen = await vscode.window.showErrorMessage(message, openSettings, openLog);
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
