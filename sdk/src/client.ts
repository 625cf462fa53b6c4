// SPDX-License-Identifier: Apache-2.0
import type { BackoffOptions } from "./backoff.js";
import { Connection } from "./connection.js";
import { ParleyError } from "./errors.js";
import { Http } from "./http.js";
import type { OutboxStorage } from "./outbox.js";
import { Session, type TokenStorage } from "./session.js";
import type { WebSocketClass } from "./socket.js";
import type {
  Conversation, ConversationPage, File as StoredFile, GroupDraft, Member, Message, MessagePage, OwnUser, ReadMark, SignUp, User, UserPage,
} from "./types.js";
import { upload, type UploadOptions } from "./upload.js";

export interface ClientOptions {
  /** Where tokens are kept; without it they end with the page or the process. */
  tokens?: TokenStorage;
  /** Where unsent messages are kept; without it they end with the page or the process. */
  outbox?: OutboxStorage;
  /** Where the runtime has none, such as that of npm `ws` for Node.js before 22. */
  WebSocket?: WebSocketClass;
  fetch?: typeof fetch;
  backoff?: BackoffOptions;
}

/** A Parley server, seen by one user. */
export class ParleyClient {
  readonly session: Session;
  readonly #http: Http;
  readonly #url: string;
  readonly #options: ClientOptions;

  /** `url` is the server's address, such as `https://chat.example.org`. */
  constructor(url: string, options: ClientOptions = {}) {
    this.#url = url;
    this.#options = options;
    this.#http = new Http(url, options.fetch);
    this.session = new Session(this.#http, options.tokens);
  }

  /** Makes an account; signs nobody in. */
  signUp(account: SignUp): Promise<OwnUser> {
    return this.#http.json("/users", { method: "POST", json: account });
  }
  signIn(username: string, password: string): Promise<OwnUser> {
    return this.session.signIn(username, password);
  }
  signOut(): Promise<void> {
    return this.session.signOut();
  }
  me(): Promise<OwnUser> {
    return this.session.json("/users/me");
  }
  /** People whose username or display name begins so. */
  users(prefix: string): AsyncGenerator<User> {
    return this.#pages<User, UserPage>(`/users?q=${encodeURIComponent(prefix)}`);
  }

  /** Opens the connection for live events, and keeps it open until it is closed. */
  connect(): Connection {
    const WebSocket = this.#options.WebSocket ?? (globalThis as { WebSocket?: WebSocketClass }).WebSocket;
    if (!WebSocket) throw new ParleyError("no_websocket", "This runtime has no WebSocket: pass one in the options, such as that of npm ws.");
    return new Connection(this.session, { url: this.#url, WebSocket, backoff: this.#options.backoff, outbox: this.#options.outbox });
  }

  /** One's own conversations, the latest activity first. */
  conversations(): AsyncGenerator<Conversation> {
    return this.#pages<Conversation, ConversationPage>("/conversations?limit=200");
  }
  conversation(id: number): Promise<Conversation> {
    return this.session.json(`/conversations/${id}`);
  }
  /** The conversation with one other person. */
  direct(userId: number): Promise<Conversation> {
    return this.session.json("/conversations/direct", { method: "POST", json: { user_id: userId } });
  }
  createGroup(group: GroupDraft): Promise<Conversation> {
    return this.session.json("/groups", { method: "POST", json: group });
  }
  /** Public groups whose name has this in it. */
  publicGroups(query = ""): AsyncGenerator<Conversation> {
    return this.#pages<Conversation, ConversationPage>(`/groups?limit=200&q=${encodeURIComponent(query)}`);
  }
  join(groupId: number): Promise<Member> {
    return this.session.json(`/groups/${groupId}/join`, { method: "POST" });
  }
  leave(groupId: number): Promise<void> {
    return this.session.json(`/groups/${groupId}/leave`, { method: "POST" });
  }

  /** A page of messages, ascending; the newest without a position. */
  messages(conversationId: number, query: { before_seq?: number; after_seq?: number; around_seq?: number; limit?: number } = {}): Promise<MessagePage> {
    const parameters = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
    return this.session.json(`/conversations/${conversationId}/messages?${parameters}`);
  }
  /** All messages, from the newest (or from before `before`) back to the first. */
  async *history(conversationId: number, before?: number): AsyncGenerator<Message> {
    for (let more = true; more; ) {
      const page = await this.messages(conversationId, { limit: 200, ...(before === undefined ? {} : { before_seq: before }) });
      yield* [...page.items].reverse();
      before = page.items[0]?.seq;
      more = page.has_more_before && before !== undefined;
    }
  }
  edit(conversationId: number, seq: number, text: string): Promise<Message> {
    return this.session.json(`/conversations/${conversationId}/messages/${seq}`, { method: "PATCH", json: { text } });
  }
  delete(conversationId: number, seq: number): Promise<void> {
    return this.session.json(`/conversations/${conversationId}/messages/${seq}`, { method: "DELETE" });
  }
  react(conversationId: number, seq: number, emoji: string): Promise<void> {
    return this.session.json(`/conversations/${conversationId}/messages/${seq}/reactions/${encodeURIComponent(emoji)}`, { method: "PUT" });
  }
  markRead(conversationId: number, seq: number): Promise<ReadMark> {
    return this.session.json(`/conversations/${conversationId}/read`, { method: "PUT", json: { seq } });
  }

  /** Tried again after cuts. The file can be sent with a message then: `file_ids: [file.id]`. */
  upload(content: Blob, options: UploadOptions = {}): Promise<StoredFile> {
    return upload(this.session, content, { backoff: this.#options.backoff, ...options });
  }
  /** What a file holds. */
  async download(file: StoredFile): Promise<Blob> {
    return (await this.session.answer(`/files/${file.id}/content`)).blob();
  }

  async *#pages<Item, Page extends { items: Item[]; next_cursor: string | null }>(path: string): AsyncGenerator<Item> {
    for (let cursor: string | null = ""; cursor !== null; ) {
      const page: Page = await this.session.json<Page>(cursor === "" ? path : `${path}&cursor=${encodeURIComponent(cursor)}`);
      yield* page.items;
      cursor = page.next_cursor;
    }
  }
}
