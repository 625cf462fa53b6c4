// SPDX-License-Identifier: Apache-2.0
import type { FieldProblem, FrameError, Problem } from "./types.js";

/** What the server refused, or why it could not be reached. */
export class ParleyError extends Error {
  override readonly name = "ParleyError";
  constructor(
    /** Stable, for programs: those of the server's list of errors, and `network`, `timeout`, `signed_out`, `outbox_full`, `closed`. */
    readonly code: string,
    message: string,
    readonly details: {
      /** Of the HTTP answer; 0 if there was none. */
      status?: number;
      /** Whether the same may succeed later. */
      temporary?: boolean;
      /** After which it is worth trying again. */
      retryAfterMs?: number;
      requestId?: string;
      /** Which fields of a request are wrong. */
      fields?: FieldProblem[];
    } = {},
  ) {
    super(message);
  }
  get status(): number {
    return this.details.status ?? 0;
  }
  get temporary(): boolean {
    return this.details.temporary ?? false;
  }
  get retryAfterMs(): number | undefined {
    return this.details.retryAfterMs;
  }

  /** Of an answer that is no success (RFC 9457), whoever made it: a proxy's page has no code. */
  static async ofResponse(response: Response): Promise<ParleyError> {
    const problem = (await response.json().catch(() => ({}))) as Partial<Problem>;
    const seconds = Number(response.headers.get("Retry-After") ?? Number.NaN);
    return new ParleyError(problem.code ?? `http_${response.status}`, problem.detail ?? response.statusText, {
      status: response.status,
      // A 500 says nothing about whether the request was carried out: trying again is right where that is safe.
      temporary: response.status === 429 || response.status >= 500,
      ...(Number.isFinite(seconds) ? { retryAfterMs: seconds * 1000 } : {}),
      ...(problem.request_id === undefined ? {} : { requestId: problem.request_id }),
      ...(problem.errors === undefined ? {} : { fields: problem.errors }),
    });
  }

  static ofFrame(error: FrameError): ParleyError {
    return new ParleyError(error.code, error.message, {
      temporary: error.temporary,
      ...(error.retry_after_ms === null ? {} : { retryAfterMs: error.retry_after_ms }),
    });
  }

  static ofUnknown(error: unknown): ParleyError {
    if (error instanceof ParleyError) return error;
    const code = error instanceof DOMException && error.name === "TimeoutError" ? "timeout" : "network";
    return new ParleyError(code, error instanceof Error ? error.message : String(error), { temporary: true });
  }
}
