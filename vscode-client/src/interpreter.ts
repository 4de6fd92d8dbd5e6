/**
 * The interpreter that the user has selected, asked of whichever extension knows: Python
 * Environments, else Python. Neither is required.
 */

import * as vscode from "vscode";

const ENVIRONMENTS = "ms-python.vscode-python-envs";
const PYTHON = "ms-python.python";

/** As much as is used of the two extensions' APIs, each part looked at before it is trusted. */
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
  private readonly listening = new Set<string>();
  private readonly disposables: vscode.Disposable[] = [this.changed];
  readonly onDidChange = this.changed.event;

  constructor(private readonly log: vscode.LogOutputChannel) {}

  /** Its path, or null where no extension knows one. */
  async path(): Promise<string | null> {
    const scope = vscode.workspace.workspaceFolders?.[0]?.uri;
    return (
      (await this.ask(ENVIRONMENTS, (api) => this.ofEnvironments(api as EnvironmentsApi, scope))) ??
      (await this.ask(PYTHON, (api) => this.ofPython(api as PythonApi, scope)))
    );
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  private async ask(
    id: string,
    read: (api: unknown) => Promise<string | null>,
  ): Promise<string | null> {
    const extension = vscode.extensions.getExtension(id);
    if (extension === undefined) return null;
    try {
      const api: unknown = await extension.activate();
      return api === null || typeof api !== "object" ? null : await read(api);
    } catch (error) {
      this.log.warn(`${id} did not say which interpreter is selected: ${String(error)}`);
      return null;
    }
  }

  private async ofEnvironments(
    api: EnvironmentsApi,
    scope: vscode.Uri | undefined,
  ): Promise<string | null> {
    this.listen(ENVIRONMENTS, api.onDidChangeEnvironment);
    const environment = await api.getEnvironment?.(scope);
    return textAt(environment, "execInfo", "run", "executable");
  }

  private async ofPython(api: PythonApi, scope: vscode.Uri | undefined): Promise<string | null> {
    const environments = api.environments;
    this.listen(PYTHON, environments?.onDidChangeActiveEnvironmentPath);
    const active = environments?.getActiveEnvironmentPath?.(scope);
    if (active === undefined) return null;
    const resolved = await environments?.resolveEnvironment?.(active);
    return textAt(resolved, "executable", "uri", "fsPath");
  }

  private listen(id: string, event: vscode.Event<unknown> | undefined): void {
    if (event === undefined || this.listening.has(id)) return;
    this.listening.add(id);
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
