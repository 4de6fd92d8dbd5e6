/**
 * The page's side of the line to its host. The pages know this interface alone, so that another host
 * (a browser's socket, a test) can stand where VS Code does.
 */

import { type FromPage, type ToPage, toPage } from "../src/shared/messages";

export interface Host {
  post(message: FromPage): void;
  /** Everything that the host says, once it has been found to be a message of ours. */
  listen(listener: (message: ToPage) => void): void;
  /** What `keep` was last given, also after the page was loaded anew. */
  kept(): unknown;
  keep(state: unknown): void;
}

export function vscodeHost(): Host {
  const api = acquireVsCodeApi();
  return {
    post: (message) => api.postMessage(message),
    listen(listener) {
      window.addEventListener("message", (event: MessageEvent<unknown>) => {
        const message = toPage(event.data);
        if (message !== null) listener(message);
      });
    },
    kept: () => api.getState(),
    keep: (state) => api.setState(state),
  };
}
