// SPDX-License-Identifier: Apache-2.0
import { Backoff, type BackoffOptions, sleep } from "./backoff.js";
import { ParleyError } from "./errors.js";
import type { Session } from "./session.js";
import type { File as StoredFile } from "./types.js";

export interface UploadOptions {
  /** What it is called there; a File brings its name. */
  name?: string;
  /** Bytes the server has, durable, and of how many. */
  onProgress?: (sent: number, total: number) => void;
  signal?: AbortSignal;
  /** How much one request carries; 8 MiB unless said. */
  chunkBytes?: number;
  backoff?: BackoffOptions | undefined;
}

const tus = { "Tus-Resumable": "1.0.0" };

/** Uploads by tus 1.0.0: what the server has, it keeps, and after a cut it goes on from there. */
export async function upload(session: Session, content: Blob, options: UploadOptions = {}): Promise<StoredFile> {
  const backoff = new Backoff(options.backoff);
  const retried = <T>(attempt: () => Promise<T>) => retry(attempt, backoff, options.signal);
  const id = await retried(() => create(session, content, options));
  let offset = 0;
  options.onProgress?.(0, content.size);
  while (offset < content.size) {
    const at = offset;
    offset = await retried(async () => {
      try {
        return await append(session, id, content, at, options);
      } catch (error) {
        // Part of it may have arrived: only the server knows where to go on.
        if (!(error instanceof ParleyError) || !(error.temporary || error.status === 409)) throw error;
        const known = await offsetOf(session, id, options.signal);
        if (known > at) return known;
        throw error;
      }
    });
    options.onProgress?.(offset, content.size);
  }
  return retried(() => session.json<StoredFile>(`/files/${id}`, { signal: options.signal }));
}

async function create(session: Session, content: Blob, options: UploadOptions): Promise<string> {
  const name = options.name ?? (content as Partial<globalThis.File>).name ?? "file";
  const metadata = [["filename", name], ...(content.type === "" ? [] : [["filetype", content.type]])];
  const response = await session.answer("/uploads", {
    method: "POST",
    headers: {
      ...tus,
      "Upload-Length": String(content.size),
      "Upload-Metadata": metadata.map(([key, value]) => `${key} ${base64(value ?? "")}`).join(","),
    },
    signal: options.signal,
  });
  return (response.headers.get("Location") ?? "").split("/").pop() ?? "";
}

async function append(session: Session, id: string, content: Blob, offset: number, options: UploadOptions): Promise<number> {
  const response = await session.answer(`/uploads/${id}`, {
    method: "PATCH",
    headers: { ...tus, "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" },
    body: content.slice(offset, offset + (options.chunkBytes ?? 8 * 1024 * 1024)),
    signal: options.signal,
    timeoutMs: 10 * 60_000,
  });
  return Number(response.headers.get("Upload-Offset"));
}

async function offsetOf(session: Session, id: string, signal: AbortSignal | undefined): Promise<number> {
  const response = await session.answer(`/uploads/${id}`, { method: "HEAD", headers: tus, signal });
  return Number(response.headers.get("Upload-Offset"));
}

async function retry<T>(attempt: () => Promise<T>, backoff: Backoff, signal: AbortSignal | undefined): Promise<T> {
  for (;;) {
    try {
      const result = await attempt();
      backoff.reset();
      return result;
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (!(error instanceof ParleyError) || !error.temporary || error.status === 507) throw error;
      await sleep(backoff.next(error.retryAfterMs), signal);
    }
  }
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
