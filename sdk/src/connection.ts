// SPDX-License-Identifier: Apache-2.0
import { Backoff, type BackoffOptions, sleep } from "./backoff.js";
import { Emitter } from "./emitter.js";
import { ParleyError } from "./errors.js";
import { type Draft, Outbox, type OutboxStorage } from "./outbox.js";
import { Positions } from "./positions.js";
import type { Session } from "./session.js";
import { Socket, type Unnamed, type WebSocketClass } from "./socket.js";
import type {
  ClientFrame, EventPage, Hello, Message, MessageCreatedEvent, ParleyEvent, PresenceData, PresenceSignal, ReadSignal, ResumedData, SentData, Signal, Sync,
  TypingSignal, UserPresence,
} from "./types.js";

export type ConnectionState = "connecting" | "open" | "waiting" | "closed";

export interface ConnectionEvents {
  /** A message of anybody, oneself included; each once, each conversation's in order. */
  message: Message;
  /** Every durable event, messages included. */
  event: ParleyEvent;
  typing: TypingSignal;
  read: ReadSignal;
  presence: PresenceSignal;
  state: ConnectionState;
  /** The server was restored from a backup: what was loaded before has to be loaded anew. */
  resync: { epoch: string };
  /** Why it is closed for good, such as `signed_out`; or what goes wrong while it keeps trying. */
  trouble: ParleyError;
}

export interface ConnectionOptions {
  url: string;
  WebSocket: WebSocketClass;
  backoff?: BackoffOptions | undefined;
  outbox?: OutboxStorage | undefined;
}

/** `resume` takes about 4 000 positions a frame. */
const positionsAFrame = 2000;

/** Stays connected until it is closed: reconnects, resumes where it was, and sends what waits. */
export class Connection extends Emitter<ConnectionEvents> {
  readonly #session: Session;
  readonly #options: ConnectionOptions;
  readonly #positions = new Positions();
  readonly #repairing = new Set<number>();
  readonly #outbox: Outbox;
  readonly #ending = new AbortController();
  #socket: Socket | undefined;  // while frames may be sent
  #connecting: Socket | undefined;
  #renewal: ReturnType<typeof setTimeout> | undefined;
  #me = 0;
  #cursor: string | undefined;
  #epoch = "";
  #watched: number[] = [];
  #state: ConnectionState = "connecting";
  readonly #ready: Promise<void>;

  constructor(session: Session, options: ConnectionOptions) {
    super();
    this.#session = session;
    this.#options = options;
    this.#outbox = new Outbox((draft) => this.#attempt(draft), { storage: options.outbox, backoff: options.backoff });
    this.#ready = new Promise((resolve) => {
      const off = this.on("state", (state) => {
        if (state !== "open" && state !== "closed") return;
        off();
        resolve();
      });
    });
    void this.#outbox.restore();
    void this.#run();
  }

  get state(): ConnectionState {
    return this.#state;
  }
  /** Messages that were not acknowledged yet. */
  get unsent(): number {
    return this.#outbox.size;
  }
  /** When it is open for the first time, or closed before it ever was. */
  ready(): Promise<void> {
    return this.#ready;
  }

  /** Resolves when the message is durable, however many connections that takes. */
  send(conversationId: number, message: string | Omit<Draft, "conversation_id" | "client_id">): Promise<SentData> {
    const content = typeof message === "string" ? { text: message } : message;
    return this.#outbox.send({ ...content, conversation_id: conversationId });
  }
  /** Says that one is typing; at most one in three seconds is passed on. Lost while there is no connection. */
  typing(conversationId: number): void {
    this.#socket?.tell({ type: "typing", conversation_id: conversationId });
  }
  /** How these people are, and from now on every change of it; replaces the ones before. At most 200. */
  async watch(userIds: number[]): Promise<UserPresence[]> {
    this.#watched = userIds;
    return (await this.request<PresenceData>({ type: "presence.subscribe", user_ids: userIds })).users;
  }
  /** Any other frame. Rejects as temporary if there is no connection. */
  request<Data>(frame: Unnamed<ClientFrame>): Promise<Data> {
    if (!this.#socket) return Promise.reject(new ParleyError("network", "There is no connection.", { temporary: true }));
    return this.#socket.request<Data>(frame);
  }

  close(): void {
    this.#ending.abort(new ParleyError("closed", "The client was closed."));
    this.#outbox.close();
    this.#connecting?.close();
    this.#become("closed");
  }

  #attempt(draft: Draft): Promise<SentData> {
    return this.request<SentData>({ type: "message.send", ...draft });
  }

  async #run(): Promise<void> {
    const backoff = new Backoff(this.#options.backoff);
    while (!this.#ending.signal.aborted) {
      this.#become("connecting");
      try {
        const token = await this.#session.accessToken();
        await this.#catchUp();
        const { code, reason } = await this.#live(token, () => backoff.reset());
        if (code === 4001) await this.#session.refresh();
        if (code === 4003) return this.#giveUp(new ParleyError("forbidden", reason || "The server refuses this client."));
        await this.#pause(backoff.next(hintIn(reason)));
      } catch (error) {
        const trouble = ParleyError.ofUnknown(error);
        if (this.#ending.signal.aborted) return;
        if (!trouble.temporary) return this.#giveUp(trouble);
        this.emit("trouble", trouble);
        await this.#pause(backoff.next(trouble.retryAfterMs)).catch(() => {});
      }
    }
  }

  #pause(ms: number): Promise<void> {
    this.#become("waiting");
    return sleep(ms, this.#ending.signal).catch(() => {});
  }

  #giveUp(error: ParleyError): void {
    this.emit("trouble", error);
    this.close();
  }

  /** Which conversations there are: new ones are read from their first event, those known from where they were. */
  async #catchUp(): Promise<void> {
    const query = this.#cursor === undefined ? "" : `?cursor=${encodeURIComponent(this.#cursor)}`;
    const sync = await this.#session.json<Sync>(`/sync${query}`, { signal: this.#ending.signal });
    const first = this.#epoch === "";
    if (!first && sync.epoch !== this.#epoch) return this.#resync();
    this.#epoch = sync.epoch;
    this.#cursor = sync.cursor;
    for (const { id, last_seq } of sync.conversations) {
      if (this.#positions.get(id) === undefined) this.#positions.set(id, first ? last_seq : 0);
    }
  }

  /** Positions of another epoch mean nothing. */
  async #resync(): Promise<void> {
    this.#positions.clear();
    this.#cursor = undefined;
    this.#epoch = "";
    await this.#catchUp();
    this.emit("resync", { epoch: this.#epoch });
  }

  /** One connection, until it ends. */
  #live(token: string, opened: () => void): Promise<{ code: number; reason: string }> {
    return new Promise((resolve) => {
      const url = `${this.#options.url.replace(/^http/, "ws").replace(/\/+$/, "")}/api/v1/realtime`;
      const parts = this.#positions.parts(positionsAFrame);
      const begin = () => {
        const resume = parts[0] === undefined ? {} : { resume: { epoch: this.#epoch, positions: parts[0] } };
        socket.request<ResumedData | undefined>({ type: "auth", access_token: token, ...resume }).then(
          (data) => this.#resumed(data), (error: ParleyError) => this.#refused(socket, error));
        for (const positions of parts.slice(1)) void this.#resume(socket, positions);
      };
      const socket = new Socket(this.#options.WebSocket, url, begin, {
        hello: (hello) => this.#greeted(hello, socket, opened),
        event: (event) => this.#take(event),
        signal: (signal) => this.#show(signal),
        closed: (code, reason) => {
          clearTimeout(this.#renewal);
          this.#socket = this.#connecting = undefined;
          this.#outbox.pause();
          this.#repairing.clear();
          resolve({ code, reason });
        },
      });
      this.#connecting = socket;
    });
  }

  #greeted(hello: Hello, socket: Socket, opened: () => void): void {
    if (hello.epoch !== this.#epoch) return socket.close(4000, "another epoch");  // the next attempt finds that out by /sync
    this.#socket = socket;
    this.#me = hello.user_id;
    this.#renewLater(socket);
    opened();
    this.#become("open");
    this.#outbox.go();
    if (this.#watched.length > 0) void this.watch(this.#watched).catch(() => {});
  }

  #resume(socket: Socket, positions: Record<string, number>): Promise<void> {
    return socket.request<ResumedData>({ type: "resume", epoch: this.#epoch, positions }).then(
      (data) => this.#resumed(data), (error: ParleyError) => this.#refused(socket, error));
  }
  #resumed(data: ResumedData | undefined): void {
    for (const { id } of data?.truncated ?? []) void this.#repair(id);
  }
  /** Without its resume a connection would leave a gap. */
  #refused(socket: Socket, error: ParleyError): void {
    if (error.code === "realtime.resync_required") this.#epoch = "?";  // so that the next attempt begins anew
    socket.close(4000, "resume refused");
  }

  #take(event: ParleyEvent): void {
    const known = this.#positions.get(event.conversation_id) !== undefined;
    // Who has just come into a conversation begins there.
    if (!known && event.event === "member.joined") this.#positions.set(event.conversation_id, event.seq - 1);
    const place = this.#positions.take(event.conversation_id, event.seq);
    if (place === "gap") return void this.#repair(event.conversation_id);
    if (place === "next") this.#tell(event);
    const left = event.event === "member.left" && event.data.user_id === this.#me;
    if (left || event.event === "conversation.deleted") this.#positions.forget(event.conversation_id);
  }

  #tell(event: ParleyEvent): void {
    this.emit("event", event);
    if (event.event === "message.created") this.emit("message", (event as MessageCreatedEvent).data.message);
  }

  /** Reads by page what a resume does not bring, then goes on live from there. */
  async #repair(conversation: number): Promise<void> {
    if (this.#repairing.has(conversation)) return;
    this.#repairing.add(conversation);
    try {
      for (let more = true; more; ) {
        const after = this.#positions.get(conversation) ?? 0;
        const page = await this.#session.json<EventPage>(`/conversations/${conversation}/events?after_seq=${after}&limit=1000`);
        for (const event of page.items as ParleyEvent[]) {
          if (this.#positions.take(conversation, event.seq) === "next") this.#tell(event);
        }
        more = page.items.length > 0 && (this.#positions.get(conversation) ?? 0) < page.last_seq;
      }
      const seq = this.#positions.get(conversation) ?? 0;
      if (this.#socket) await this.#resume(this.#socket, { [conversation]: seq });
    } catch (error) {
      const trouble = ParleyError.ofUnknown(error);
      if (trouble.status === 404 || trouble.status === 403) this.#positions.forget(conversation);
      else this.#socket?.close(4000, "gap");  // and resume anew
    } finally {
      this.#repairing.delete(conversation);
    }
  }

  #show(signal: Signal): void {
    if (signal.signal === "typing") this.emit("typing", signal);
    else if (signal.signal === "read") this.emit("read", signal);
    else if (signal.signal === "presence") this.emit("presence", signal);
  }

  /** A socket ends with its token, unless it is given the next one. */
  #renewLater(socket: Socket): void {
    const longest = 2 ** 31 - 1;
    const inMs = Math.min(longest, Math.max(0, this.#session.renewAt - Date.now()) + 1000);
    this.#renewal = setTimeout(async () => {
      try {
        await socket.request({ type: "auth", access_token: await this.#session.accessToken() });
        this.#renewLater(socket);
      } catch {
        // The socket is gone or ends with its token; the next one is opened with a new one.
      }
    }, inMs);
  }

  #become(state: ConnectionState): void {
    if (this.#state === "closed" || this.#state === state) return;
    this.#state = state;
    this.emit("state", state);
  }
}

/** Of a server that restarts: `retry_after_ms=N` in the reason of its close frame. */
function hintIn(reason: string): number {
  return Number(/retry_after_ms=(\d+)/.exec(reason)?.[1] ?? 0);
}
