// SPDX-License-Identifier: Apache-2.0
import { Backoff, type BackoffOptions } from "./backoff.js";
import { ParleyError } from "./errors.js";
import { newClientId } from "./ids.js";
import type { SentData } from "./types.js";

/** A message on its way. */
export interface Draft {
  conversation_id: number;
  /** The same for each attempt: the server stores it once, however often it arrives. */
  client_id: string;
  text?: string;
  reply_to_seq?: number;
  file_ids?: number[];
}

/** Where messages that were not sent yet outlive a page or a process. */
export interface OutboxStorage {
  load(): Draft[] | Promise<Draft[]>;
  save(drafts: Draft[]): void | Promise<void>;
}

export interface OutboxOptions {
  storage?: OutboxStorage | undefined;
  /** Messages that may wait; more are refused with `outbox_full`. */
  most?: number;
  backoff?: BackoffOptions | undefined;
}

interface Entry {
  draft: Draft;
  resolve(sent: SentData): void;
  reject(error: ParleyError): void;
}

/** Sends each conversation's messages in their order, one after the other, until the server has them or refuses them for good. */
export class Outbox {
  readonly #deliver: (draft: Draft) => Promise<SentData>;
  readonly #options: OutboxOptions;
  readonly #queues = new Map<number, Entry[]>();
  #count = 0;
  #open = false;
  #wake: (() => void) | undefined;
  #opened: Promise<void> = Promise.resolve();

  /** `deliver` makes one attempt. */
  constructor(deliver: (draft: Draft) => Promise<SentData>, options: OutboxOptions = {}) {
    this.#deliver = deliver;
    this.#options = options;
    this.pause();
  }

  get size(): number {
    return this.#count;
  }

  /** Takes up what an earlier life left. Nobody waits for these: they show as events. */
  async restore(): Promise<void> {
    for (const draft of (await this.#options.storage?.load()) ?? []) void this.#add(draft).catch(() => {});
  }

  /** Resolves when the message is durable. Rejects only for what no repetition cures. */
  send(message: Omit<Draft, "client_id"> & { client_id?: string }): Promise<SentData> {
    if (this.#count >= (this.#options.most ?? 1000))
      return Promise.reject(new ParleyError("outbox_full", "Too many messages wait to be sent.", { temporary: true }));
    return this.#add({ ...message, client_id: message.client_id ?? newClientId() });
  }

  /** While there is no connection, attempts wait. */
  pause(): void {
    if (!this.#open && this.#wake) return;
    this.#open = false;
    this.#opened = new Promise((resolve) => (this.#wake = resolve));
  }
  go(): void {
    this.#open = true;
    this.#wake?.();
    this.#wake = undefined;
  }

  /** Gives up on what still waits; with a storage it is there the next time. */
  close(): void {
    for (const entry of [...this.#queues.values()].flat()) entry.reject(new ParleyError("closed", "The client was closed.", { temporary: true }));
    this.#queues.clear();
    this.#count = 0;
    this.go();
  }

  #add(draft: Draft): Promise<SentData> {
    return new Promise((resolve, reject) => {
      const queue = this.#queues.get(draft.conversation_id) ?? [];
      queue.push({ draft, resolve, reject });
      ++this.#count;
      this.#save();
      if (queue.length > 1) return;
      this.#queues.set(draft.conversation_id, queue);
      void this.#drain(draft.conversation_id, queue);
    });
  }

  async #drain(conversation: number, queue: Entry[]): Promise<void> {
    const backoff = new Backoff(this.#options.backoff);
    for (let entry = queue[0]; entry; entry = queue[0]) {
      await this.#opened;
      if (this.#queues.get(conversation) !== queue) return;
      try {
        const sent = await this.#deliver(entry.draft);
        backoff.reset();
        this.#done(conversation, queue);
        entry.resolve(sent);
      } catch (error) {
        const trouble = ParleyError.ofUnknown(error);
        if (trouble.temporary) {
          if (trouble.code !== "network" || this.#open) await pause(backoff.next(trouble.retryAfterMs));
          continue;
        }
        this.#done(conversation, queue);
        entry.reject(trouble);
      }
    }
  }

  #done(conversation: number, queue: Entry[]): void {
    if (this.#queues.get(conversation) !== queue) return;
    queue.shift();
    --this.#count;
    if (queue.length === 0) this.#queues.delete(conversation);
    this.#save();
  }

  #save(): void {
    void this.#options.storage?.save([...this.#queues.values()].flat().map((entry) => entry.draft));
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
