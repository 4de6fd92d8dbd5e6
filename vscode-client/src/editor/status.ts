/** The language status item: the state of the server, the device and the outcome of the last run. */

import * as vscode from "vscode";
import type { RunNotification } from "../server/notifications";
import type { Server } from "../server/server";
import { programOf } from "./editors";
import type { Programs } from "./programs";
import { duration, extentText, outcomeText } from "./words";

export class Status implements vscode.Disposable {
  private readonly item: vscode.LanguageStatusItem;
  private readonly disposables: vscode.Disposable[];

  constructor(
    private readonly server: Server,
    private readonly programs: Programs,
  ) {
    this.item = vscode.languages.createLanguageStatusItem("tensorhints", { language: "python" });
    this.item.name = "Tensor Hints";
    this.disposables = [
      this.item,
      server.onDidChangeState(() => this.draw()),
      programs.onDidChange(() => this.draw()),
      vscode.window.onDidChangeActiveTextEditor(() => this.draw()),
    ];
    this.draw();
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  private draw(): void {
    const state = this.server.state;
    this.item.busy = state === "starting";
    this.item.severity = vscode.LanguageStatusSeverity.Information;
    this.item.detail = "Tensor Hints";
    this.item.command = {
      command: "tensorhints.showMenu",
      title: vscode.l10n.t("Device, Log, Restart"),
    };
    switch (state) {
      case "ready":
        return this.drawRun(this.run());
      case "starting":
        this.item.text = vscode.l10n.t("Starting");
        return;
      case "restricted":
        this.item.text = `$(shield) ${vscode.l10n.t("Nothing runs until this folder is trusted")}`;
        this.item.command = {
          command: "workbench.trust.manage",
          title: vscode.l10n.t("Manage Trust"),
        };
        return;
      case "stopped":
      case "failed":
        this.item.text = `$(error) ${vscode.l10n.t("The server is not running")}`;
        this.item.severity = vscode.LanguageStatusSeverity.Error;
        this.item.command = {
          command: "tensorhints.restart",
          title: vscode.l10n.t("Restart"),
        };
    }
  }

  private run(): RunNotification | undefined {
    const document = vscode.window.activeTextEditor?.document;
    return document === undefined ? undefined : this.programs.of(programOf(document));
  }

  private drawRun(run: RunNotification | undefined): void {
    if (run === undefined) {
      this.item.text = vscode.l10n.t("Ready");
      return;
    }
    const icon = run.device === "simulated" ? "beaker" : "chip";
    const device = run.deviceText === "" ? "" : `$(${icon}) ${run.deviceText} · `;
    if (run.phase !== "idle") {
      this.item.busy = true;
      const activity =
        run.phase === "starting" ? vscode.l10n.t("Starting Python") : vscode.l10n.t("Running");
      this.item.text = `${device}${activity}`;
      return;
    }
    if (run.suspended) {
      this.item.text = `${device}$(debug-pause) ${vscode.l10n.t("Suspended: nothing new")}`;
      this.item.command = {
        command: "tensorhints.continue",
        title: vscode.l10n.t("Continue"),
      };
      return;
    }
    if (run.outcome === "finished") {
      this.item.text = `${device}$(check) ${duration(run.elapsedMs ?? 0)}`;
      this.item.detail = extentText(run);
      return;
    }
    this.item.text = `${device}${outcomeText(run)}`;
  }
}
