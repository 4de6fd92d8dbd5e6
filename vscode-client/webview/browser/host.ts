/**
 * The host of a page in a browser: a socket to the language server, at the page's own address. The
 * page's state is saved in the tab's session storage.
 */

import { type Context, type ToPage, toPage } from "../../src/shared/messages";
import type { Host } from "../host";
import { localeOf, wordsOf } from "../words";

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5000;
const SAVED = "kept";

export function browserHost(page: string): Host {
  const listeners: ((message: ToPage) => void)[] = [];
  const notify = (message: ToPage) => listeners.forEach((listener) => listener(message));
  const address = new URL(`socket/${page}${location.search}`, location.href);
  address.protocol = "ws:";
  const waiting = new Set<number>();
  let context: Context | null = null;
  let socket: WebSocket | null = null;
  let wait = FIRST_WAIT_MS;

  const lostMessage = () =>
    wordsOf(localeOf(context?.locale ?? document.documentElement.lang)).lost;

  function receive(message: ToPage): void {
    if (message.type === "context") context = message;
    if (message.type === "answer" || message.type === "failed") waiting.delete(message.id);
    if (message.type === "show") {
      // After a reload, the page continues where the learner was.
      address.search = "";
      history.replaceState(null, "", location.pathname);
    }
    notify(message);
  }

  function connect(): void {
    socket = new WebSocket(address);
    socket.onopen = () => {
      wait = FIRST_WAIT_MS;
      socket?.send(JSON.stringify({ type: "ready" }));
    };
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      const message = toPage(parseJson(data));
      if (message !== null) receive(message);
    };
    socket.onclose = () => {
      for (const id of waiting) notify({ type: "failed", id, message: lostMessage() });
      waiting.clear();
      notify({
        ...(context ?? { type: "context", locale: document.documentElement.lang, trusted: true }),
        ready: false,
        lost: true,
      });
      setTimeout(connect, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    };
  }

  return {
    post(message) {
      if (message.type === "ready") {
        connect();
      } else if (socket?.readyState === WebSocket.OPEN) {
        if (message.type === "command") waiting.add(message.id);
        socket.send(JSON.stringify(message));
      } else if (message.type === "command") {
        notify({ type: "failed", id: message.id, message: lostMessage() });
      }
    },
    onMessage: (listener) => listeners.push(listener),
    savedState: () => parseJson(sessionStorage.getItem(SAVED)),
    saveState: (state) => sessionStorage.setItem(SAVED, JSON.stringify(state)),
  };
}

function parseJson(text: unknown): unknown {
  try {
    return typeof text === "string" ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}
