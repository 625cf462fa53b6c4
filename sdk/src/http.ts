// SPDX-License-Identifier: Apache-2.0
import { ParleyError } from "./errors.js";

export interface Request {
  method?: string;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is. */
  body?: BodyInit;
  headers?: Record<string, string>;
  token?: string;
  signal?: AbortSignal | undefined;
  /** Milliseconds; 30 000 unless said. */
  timeoutMs?: number;
}

/** Requests to one server. Whatever goes wrong is a ParleyError. */
export class Http {
  readonly base: string;
  readonly #fetch: typeof fetch;

  constructor(url: string, fetcher: typeof fetch = globalThis.fetch) {
    this.base = url.replace(/\/+$/, "");
    this.#fetch = fetcher.bind(globalThis);
  }

  /** The JSON of a success; undefined for an answer without a body. `path` begins behind /api/v1. */
  async json<T>(path: string, request: Request = {}): Promise<T> {
    const response = await this.answer(path, request);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  /** The answer, if it is a success. */
  async answer(path: string, request: Request = {}): Promise<Response> {
    const headers: Record<string, string> = { Accept: "application/json", ...request.headers };
    if (request.token !== undefined) headers["Authorization"] = `Bearer ${request.token}`;
    if (request.json !== undefined) headers["Content-Type"] = "application/json";
    const body = request.json === undefined ? request.body : JSON.stringify(request.json);
    const timeout = AbortSignal.timeout(request.timeoutMs ?? 30_000);
    let response: Response;
    try {
      response = await this.#fetch(`${this.base}/api/v1${path}`, {
        method: request.method ?? "GET",
        headers,
        signal: request.signal ? AbortSignal.any([timeout, request.signal]) : timeout,
        ...(body === undefined ? {} : { body }),
      });
    } catch (error) {
      if (request.signal?.aborted) throw request.signal.reason;
      throw ParleyError.ofUnknown(error);
    }
    if (!response.ok) throw await ParleyError.ofResponse(response);
    return response;
  }
}
