/**
 * The page's connection to its host. Pages know only this interface, so that the host can be VS Code,
 * a browser's socket or a test.
 */

import { type FromPage, type ToPage, toPage } from "../src/shared/messages";

export interface Host {
  post(message: FromPage): void;
  /** Add a listener for messages of the host; anything else is dropped before. */
  onMessage(listener: (message: ToPage) => void): void;
  /** Return the last state that was saved, also before a reload. */
  savedState(): unknown;
  saveState(state: unknown): void;
}

export function vscodeHost(): Host {
  const api = acquireVsCodeApi();
  return {
    post: (message) => api.postMessage(message),
    onMessage(listener) {
      window.addEventListener("message", (event: MessageEvent<unknown>) => {
        const message = toPage(event.data);
        if (message !== null) listener(message);
      });
    },
    savedState: () => api.getState(),
    saveState: (state) => api.setState(state),
  };
}
