// SPDX-License-Identifier: Apache-2.0
import { ParleyError } from "./errors.js";
import type { ClientFrame, FrameError, Hello, ParleyEvent, Signal } from "./types.js";

/** What this needs of a WebSocket: the browser's, Node.js's, and that of npm `ws` have it. */
export interface WebSocketLike {
  send(text: string): void;
  close(code?: number, reason?: string): void;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  onerror: ((event: never) => void) | null;
}
export type WebSocketClass = new (url: string, protocols?: string | string[]) => WebSocketLike;

/** A frame without the id, which the socket gives it. */
export type Unnamed<Frame> = Frame extends unknown ? Omit<Frame, "id"> : never;

export interface SocketHandlers {
  hello(hello: Hello): void;
  event(event: ParleyEvent): void;
  signal(signal: Signal): void;
  /** The last call. */
  closed(code: number, reason: string): void;
}

interface Waiting {
  resolve(data: never): void;
  reject(error: ParleyError): void;
}

/** The longest time to connect, and for an answer. */
const longestMs = 15_000;

/** One connection, from opening to closing: frames and their answers, and a ping where nothing comes for a while. */
export class Socket {
  readonly #socket: WebSocketLike;
  readonly #handlers: SocketHandlers;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #watch: ReturnType<typeof setTimeout>;
  #quietMs = longestMs;
  #pinged = false;
  #greeting = false;
  #closed = false;

  constructor(create: WebSocketClass, url: string, opened: () => void, handlers: SocketHandlers) {
    this.#handlers = handlers;
    this.#socket = new create(url, "parley.v1");
    this.#socket.onopen = opened;
    this.#socket.onmessage = ({ data }) => this.#received(String(data));
    this.#socket.onclose = ({ code, reason }) => this.#end(code, String(reason));
    this.#socket.onerror = () => {};
    this.#watch = setTimeout(() => this.#quiet(), longestMs);
  }

  /** The answer's data. Rejects with what the server refused it for, or, as temporary, when the socket ends before it was answered. */
  request<Data>(frame: Unnamed<ClientFrame>): Promise<Data> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(lost());
      const id = this.#nextId++;
      this.#waiting.set(id, { resolve: resolve as Waiting["resolve"], reject });
      this.#socket.send(JSON.stringify({ ...frame, id }));
    });
  }
  /** For frames that nothing answers. */
  tell(frame: Unnamed<ClientFrame>): void {
    if (!this.#closed) this.#socket.send(JSON.stringify(frame));
  }

  close(code = 1000, reason = ""): void {
    this.#socket.close(code, reason);
    this.#end(code, reason);
  }

  #received(text: string): void {
    if (this.#closed) return;
    this.#pinged = false;
    this.#rest();
    const frame = JSON.parse(text) as { type: string; id?: number; data?: unknown; error?: FrameError };
    if (frame.type === "event") this.#handlers.event(frame as unknown as ParleyEvent);
    else if (frame.type === "signal") this.#handlers.signal(frame as unknown as Signal);
    else if (frame.type === "hello") this.#greeted(frame as unknown as Hello);
    else this.#answered(frame);
  }

  #greeted(hello: Hello): void {
    this.#greeting = true;
    this.#quietMs = hello.ping_interval_ms;
    this.#rest();
    this.#handlers.hello(hello);
  }

  #answered(frame: { type: string; id?: number; data?: unknown; error?: FrameError }): void {
    const waiting = this.#waiting.get(frame.id ?? 0);
    this.#waiting.delete(frame.id ?? 0);
    if (frame.type === "error" && frame.error) waiting?.reject(ParleyError.ofFrame(frame.error));
    else waiting?.resolve(frame.data as never);
  }

  #rest(): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.#quiet(), this.#quietMs);
  }

  /** Nothing came for a while: a dead connection tells nobody that it is dead. */
  #quiet(): void {
    if (this.#pinged || !this.#greeting) return this.close(4000, "no answer");
    this.#pinged = true;
    this.tell({ type: "ping" });
    this.#watch = setTimeout(() => this.#quiet(), longestMs);
  }

  #end(code: number, reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#watch);
    for (const waiting of this.#waiting.values()) waiting.reject(lost());
    this.#waiting.clear();
    this.#handlers.closed(code, reason);
  }
}

function lost(): ParleyError {
  return new ParleyError("network", "The connection ended.", { temporary: true });
}
