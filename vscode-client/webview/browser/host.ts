/**
 * The host of a page in a browser: a socket to the language server, at the page's own address. What
 * the page keeps is kept by the tab.
 */

import { type ToPage, toPage } from "../../src/shared/messages";
import type { Host } from "../host";
import { localeOf, wordsOf } from "../words";

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5000;
const KEPT = "kept";

export function browserHost(page: string): Host {
  const listeners: ((message: ToPage) => void)[] = [];
  const tell = (message: ToPage) => listeners.forEach((listener) => listener(message));
  const address = new URL(`socket/${page}${location.search}`, location.href);
  address.protocol = "ws:";
  const waiting = new Set<number>();
  let context: Extract<ToPage, { type: "context" }> | null = null;
  let socket: WebSocket | null = null;
  let wait = FIRST_WAIT_MS;

  const lost = () => wordsOf(localeOf(context?.locale ?? document.documentElement.lang)).lost;

  function take(message: ToPage): void {
    if (message.type === "context") context = message;
    if (message.type === "answer" || message.type === "failed") waiting.delete(message.id);
    if (message.type === "show") {
      // Loaded anew, the page goes on where the learner went by itself.
      address.search = "";
      history.replaceState(null, "", location.pathname);
    }
    tell(message);
  }

  function connect(): void {
    socket = new WebSocket(address);
    socket.onopen = () => {
      wait = FIRST_WAIT_MS;
      socket?.send(JSON.stringify({ type: "ready" }));
    };
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      const message = toPage(parsed(data));
      if (message !== null) take(message);
    };
    socket.onclose = () => {
      for (const id of waiting) tell({ type: "failed", id, message: lost() });
      waiting.clear();
      tell({
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
        tell({ type: "failed", id: message.id, message: lost() });
      }
    },
    listen: (listener) => listeners.push(listener),
    kept: () => parsed(sessionStorage.getItem(KEPT)),
    keep: (state) => sessionStorage.setItem(KEPT, JSON.stringify(state)),
  };
}

function parsed(text: unknown): unknown {
  try {
    return typeof text === "string" ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}
