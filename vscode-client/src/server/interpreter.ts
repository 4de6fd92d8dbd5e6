/**
 * The interpreter that the user has selected in the extension Python Environments, or else in the
 * extension Python. Neither is required.
 */

import * as vscode from "vscode";

const ENVIRONMENTS = "ms-python.vscode-python-envs";
const PYTHON = "ms-python.python";

/** The parts of the two extensions' APIs that are used; each is checked before use. */
interface EnvironmentsApi {
  getEnvironment?(scope: vscode.Uri | undefined): Promise<unknown>;
  onDidChangeEnvironment?: vscode.Event<unknown>;
}
interface PythonApi {
  environments?: {
    getActiveEnvironmentPath?(scope: vscode.Uri | undefined): unknown;
    resolveEnvironment?(environment: unknown): Promise<unknown>;
    onDidChangeActiveEnvironmentPath?: vscode.Event<unknown>;
  };
}

export class SelectedInterpreter implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscribed = new Set<string>();
  private readonly disposables: vscode.Disposable[] = [this.changed];
  readonly onDidChange = this.changed.event;

  constructor(private readonly log: vscode.LogOutputChannel) {}

  /** Return its path, or null if no extension has one. */
  async path(): Promise<string | null> {
    const scope = vscode.workspace.workspaceFolders?.[0]?.uri;
    return (
      (await this.query(ENVIRONMENTS, (api) =>
        this.fromEnvironments(api as EnvironmentsApi, scope),
      )) ?? (await this.query(PYTHON, (api) => this.fromPython(api as PythonApi, scope)))
    );
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  private async query(
    id: string,
    read: (api: unknown) => Promise<string | null>,
  ): Promise<string | null> {
    const extension = vscode.extensions.getExtension(id);
    if (extension === undefined) return null;
    try {
      const api: unknown = await extension.activate();
      return api === null || typeof api !== "object" ? null : await read(api);
    } catch (error) {
      this.log.warn(`${id} did not return the selected interpreter: ${String(error)}`);
      return null;
    }
  }

  private async fromEnvironments(
    api: EnvironmentsApi,
    scope: vscode.Uri | undefined,
  ): Promise<string | null> {
    this.subscribe(ENVIRONMENTS, api.onDidChangeEnvironment);
    const environment = await api.getEnvironment?.(scope);
    return textAt(environment, "execInfo", "run", "executable");
  }

  private async fromPython(api: PythonApi, scope: vscode.Uri | undefined): Promise<string | null> {
    const environments = api.environments;
    this.subscribe(PYTHON, environments?.onDidChangeActiveEnvironmentPath);
    const active = environments?.getActiveEnvironmentPath?.(scope);
    if (active === undefined) return null;
    const resolved = await environments?.resolveEnvironment?.(active);
    return textAt(resolved, "executable", "uri", "fsPath");
  }

  private subscribe(id: string, event: vscode.Event<unknown> | undefined): void {
    if (event === undefined || this.subscribed.has(id)) return;
    this.subscribed.add(id);
    this.disposables.push(event(() => this.changed.fire()));
  }
}

function textAt(value: unknown, ...names: string[]): string | null {
  for (const name of names) {
    if (value === null || typeof value !== "object") return null;
    value = (value as Record<string, unknown>)[name];
  }
  return typeof value === "string" && value !== "" ? value : null;
}
