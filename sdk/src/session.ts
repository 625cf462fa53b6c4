// SPDX-License-Identifier: Apache-2.0
import { Emitter } from "./emitter.js";
import { ParleyError } from "./errors.js";
import type { Http } from "./http.js";
import type { OwnUser, SignedIn } from "./types.js";

export interface Tokens {
  accessToken: string;
  refreshToken: string;
  /** When the access token ends, in milliseconds since 1970, by the clock of this machine. */
  expiresAt: number;
  user: OwnUser;
}

/** Where tokens outlive a page or a process. */
export interface TokenStorage {
  load(): Tokens | undefined | Promise<Tokens | undefined>;
  save(tokens: Tokens | undefined): void | Promise<void>;
}

/** An access token is renewed so long before its end. */
const renewBeforeMs = 30_000;

/** Who is signed in. A refresh token works once, so there is never more than one refresh on its way. */
export class Session extends Emitter<{ signedOut: ParleyError }> {
  readonly #http: Http;
  readonly #storage: TokenStorage | undefined;
  #tokens: Tokens | undefined;
  #refreshing: Promise<Tokens> | undefined;
  #loaded: Promise<void> | undefined;

  constructor(http: Http, storage?: TokenStorage) {
    super();
    this.#http = http;
    this.#storage = storage;
  }

  async signIn(username: string, password: string): Promise<OwnUser> {
    const answer = await this.#http.json<SignedIn>("/auth/token", { method: "POST", json: { username, password } });
    await this.#keep(answer);
    return answer.user;
  }

  async signOut(): Promise<void> {
    const token = await this.accessToken().catch(() => undefined);
    if (token !== undefined) await this.#http.json("/auth/logout", { method: "POST", token }).catch(ignoreEnded);
    await this.#forget();
  }

  /** Who signed in here; undefined if nobody did. */
  async user(): Promise<OwnUser | undefined> {
    await this.#load();
    return this.#tokens?.user;
  }

  /** One that is good for a while yet. Rejects with `signed_out` where only a new sign-in helps. */
  async accessToken(): Promise<string> {
    await this.#load();
    if (!this.#tokens) throw new ParleyError("signed_out", "Nobody is signed in.");
    if (this.#tokens.expiresAt - Date.now() > renewBeforeMs) return this.#tokens.accessToken;
    return (await this.refresh()).accessToken;
  }

  /** When the present token has to be replaced, in milliseconds since 1970. */
  get renewAt(): number {
    return (this.#tokens?.expiresAt ?? 0) - renewBeforeMs;
  }

  /** New tokens, whatever the old ones are like. */
  refresh(): Promise<Tokens> {
    this.#refreshing ??= this.#refresh().finally(() => (this.#refreshing = undefined));
    return this.#refreshing;
  }

  /** A request in the name of who is signed in. A token that the server no longer takes is replaced once. */
  async json<T>(path: string, request: Parameters<Http["json"]>[1] = {}): Promise<T> {
    const response = await this.answer(path, request);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }
  async answer(path: string, request: Parameters<Http["json"]>[1] = {}): Promise<Response> {
    try {
      return await this.#http.answer(path, { ...request, token: await this.accessToken() });
    } catch (error) {
      if (!(error instanceof ParleyError) || error.status !== 401) throw error;
      return await this.#http.answer(path, { ...request, token: (await this.refresh()).accessToken });
    }
  }

  async #refresh(): Promise<Tokens> {
    if (!this.#tokens) throw new ParleyError("signed_out", "Nobody is signed in.");
    try {
      const json = { refresh_token: this.#tokens.refreshToken };
      return await this.#keep(await this.#http.json<SignedIn>("/auth/refresh", { method: "POST", json }));
    } catch (error) {
      if (!(error instanceof ParleyError) || error.temporary) throw error;
      await this.#forget();
      const ended = new ParleyError("signed_out", "The session has ended: sign in again.", { status: error.status });
      this.emit("signedOut", ended);
      throw ended;
    }
  }

  async #keep(answer: SignedIn): Promise<Tokens> {
    this.#tokens = {
      accessToken: answer.access_token,
      refreshToken: answer.refresh_token,
      expiresAt: Date.now() + answer.expires_in * 1000,
      user: answer.user,
    };
    this.#loaded = Promise.resolve();
    await this.#storage?.save(this.#tokens);
    return this.#tokens;
  }
  async #forget(): Promise<void> {
    this.#tokens = undefined;
    await this.#storage?.save(undefined);
  }
  #load(): Promise<void> {
    this.#loaded ??= Promise.resolve(this.#storage?.load()).then((tokens) => void (this.#tokens ??= tokens));
    return this.#loaded;
  }
}

function ignoreEnded(error: unknown): void {
  if (!(error instanceof ParleyError) || (error.status !== 401 && error.code !== "signed_out")) throw error;
}
