// SPDX-License-Identifier: Apache-2.0
import { Backoff, type BackoffOptions, sleep } from "./backoff.js";
import { ParleyError } from "./errors.js";
import type { Session } from "./session.js";
import type { File as StoredFile } from "./types.js";

export interface UploadOptions {
  /** What it is called there; a File brings its name. */
  name?: string;
  /** When it is to go; the server's default otherwise. */
  expiresAt?: Date;
  signal?: AbortSignal;
  backoff?: BackoffOptions | undefined;
}

/** The longest time one attempt may take. */
const longestMs = 60 * 60_000;

/** Uploads in one request, and again after a cut. An attempt whose answer was lost may have left a file that nobody refers to; it expires like any other. */
export async function upload(session: Session, content: Blob, options: UploadOptions = {}): Promise<StoredFile> {
  const backoff = new Backoff(options.backoff);
  const name = options.name ?? (content as Partial<globalThis.File>).name ?? "file";
  for (;;) {
    try {
      const form = new FormData();
      if (options.expiresAt) form.append("expires_at", options.expiresAt.toISOString());
      form.append("file", content, name);
      return await session.json<StoredFile>("/files", { method: "POST", body: form, signal: options.signal, timeoutMs: longestMs });
    } catch (error) {
      if (options.signal?.aborted) throw options.signal.reason;
      // 507: no repetition makes room.
      if (!(error instanceof ParleyError) || !error.temporary || error.status === 507) throw error;
      await sleep(backoff.next(error.retryAfterMs), options.signal);
    }
  }
}
