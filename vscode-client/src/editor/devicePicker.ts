/** Lets the user choose the device that the active file runs on. */

import * as vscode from "vscode";
import type { Server } from "../server/server";

interface DeviceItem extends vscode.QuickPickItem {
  device: string;
}

export async function pickDevice(server: Server, uri: vscode.Uri | undefined): Promise<void> {
  const argument = uri === undefined ? {} : { uri: uri.toString() };
  const current = await server.send("setDevice", argument);
  const items = devices().map((item) => ({
    ...item,
    description: item.device === current ? `$(check) ${vscode.l10n.t("in use")}` : "",
  }));
  const chosen = await vscode.window.showQuickPick<DeviceItem>(items, {
    title: vscode.l10n.t("Device"),
    placeHolder: vscode.l10n.t("The device for the tensors of this file"),
    matchOnDetail: true,
  });
  if (chosen !== undefined) await server.send("setDevice", { ...argument, device: chosen.device });
}

function devices(): DeviceItem[] {
  return [
    {
      device: "auto",
      label: vscode.l10n.t("Automatic"),
      detail: vscode.l10n.t("As in plain Python."),
    },
    {
      device: "cpu",
      label: "CPU",
      detail: vscode.l10n.t("Hides the GPUs from the program."),
    },
    process.platform === "darwin"
      ? {
          device: "mps",
          label: "MPS",
          detail: vscode.l10n.t("New tensors are created on the Apple GPU."),
        }
      : {
          device: "cuda",
          label: "CUDA",
          detail: vscode.l10n.t("New tensors are created on the NVIDIA GPU."),
        },
    {
      device: "simulated",
      label: vscode.l10n.t("Simulated"),
      detail: vscode.l10n.t(
        "Computes no values: shapes, dtypes and devices only, CUDA included, on any machine.",
      ),
    },
  ];
}
