/** The settings that this client reads itself, and the language of the course. */

import * as vscode from "vscode";
import { localeOf } from "../shared/locales";
import type { Locale } from "../shared/protocol";

export const SECTION = "tensorhints";

/** The URI schemes of documents that can be run; not those of diffs or old versions of a file. */
export const PROGRAM_SCHEMES: readonly string[] = ["file", "untitled", "vscode-notebook-cell"];

export interface ClientSettings {
  /** A command to start instead of the bundled server; empty if not set. */
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

/** The language of the course and the server: the setting, or else the language of VS Code. */
export function locale(): Locale {
  const chosen = vscode.workspace.getConfiguration(SECTION).get<string | null>("lessons.locale");
  return localeOf(chosen ?? vscode.env.language);
}
