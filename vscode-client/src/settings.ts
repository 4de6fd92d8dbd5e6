/** The settings of section `tensorhints`: those that this client reads itself, and its language. */

import * as vscode from "vscode";

export const SECTION = "tensorhints";

export interface ClientSettings {
  /** A command that serves instead of the bundled server. */
  serverPath: string;
  serverInterpreter: string;
  runInterpreter: string;
  showLineState: boolean;
  fadeUnreached: boolean;
}

export function clientSettings(): ClientSettings {
  const section = vscode.workspace.getConfiguration(SECTION);
  const text = (name: string) => (section.get<string | null>(name) ?? "").trim();
  return {
    serverPath: text("server.path"),
    serverInterpreter: text("server.interpreter"),
    runInterpreter: text("run.interpreter"),
    showLineState: section.get<boolean>("client.lineState", true),
    fadeUnreached: section.get<boolean>("client.fadeUnreached", false),
  };
}

/** The language of the course and of the server's sentences: the setting, else VS Code's own. */
export function locale(): "en" | "pt-BR" {
  const chosen = vscode.workspace.getConfiguration(SECTION).get<string | null>("lessons.locale");
  return (chosen ?? vscode.env.language).toLowerCase().startsWith("pt") ? "pt-BR" : "en";
}
