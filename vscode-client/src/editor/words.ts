/** Devices, durations and outcomes as text, in the language of VS Code. */

import * as vscode from "vscode";
import type { RunNotification } from "../server/notifications";

export function duration(milliseconds: number): string {
  const [value, unit, digits] =
    milliseconds < 1000
      ? ([milliseconds, "millisecond", milliseconds < 10 ? 1 : 0] as const)
      : ([milliseconds / 1000, "second", milliseconds < 10_000 ? 2 : 1] as const);
  return new Intl.NumberFormat(vscode.env.language, {
    style: "unit",
    unit,
    unitDisplay: "short",
    maximumFractionDigits: digits,
  }).format(value);
}

/** The name of a device; simulated values must not be mistaken for computed ones. */
export function deviceName(device: string): string {
  return device === "simulated" ? vscode.l10n.t("simulated ≈") : device;
}

/** How much of the program the last run executed: all of it and why, or the part after a line. */
export function extentText(run: RunNotification): string {
  if (run.whole !== null) return run.whole;
  if (run.resumedLine === null) return vscode.l10n.t("run completely");
  const line = run.resumedLine + 1;
  return vscode.l10n.t(
    "resumed from line {0}",
    run.resumedCell === null ? line : vscode.l10n.t("{0} of cell {1}", line, run.resumedCell),
  );
}

export function outcomeText(run: RunNotification): string {
  const time = duration(run.elapsedMs ?? 0);
  switch (run.outcome) {
    case "finished":
      return vscode.l10n.t("finished in {0}", time);
    case "failed":
      return vscode.l10n.t("failed after {0}", time);
    case "stopped":
      return vscode.l10n.t("stopped after {0}", time);
    case "timedOut":
      return vscode.l10n.t("stopped at the time limit, after {0}", time);
    case "outOfMemory":
      return vscode.l10n.t("stopped at the memory limit, after {0}", time);
    case "crashed":
      return vscode.l10n.t("crashed after {0}", time);
    case "superseded":
      return vscode.l10n.t("stopped by a newer edit");
    case "refused":
      return vscode.l10n.t("could not run");
    default:
      return vscode.l10n.t("not run yet");
  }
}
