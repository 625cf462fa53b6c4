// SPDX-License-Identifier: Apache-2.0

export interface BackoffOptions {
  /** The longest first pause, in milliseconds. */
  baseMs?: number;
  /** No pause is longer, unless the server asks for it. */
  maxMs?: number;
  /** From 0 up to 1. */
  random?: () => number;
}

/** Pauses between attempts: twice as long each time, with full jitter, so that clients that lost a server together do not come back together. */
export class Backoff {
  readonly #base: number;
  readonly #max: number;
  readonly #random: () => number;
  #attempts = 0;

  constructor(options: BackoffOptions = {}) {
    this.#base = options.baseMs ?? 500;
    this.#max = options.maxMs ?? 30_000;
    this.#random = options.random ?? Math.random;
  }

  /** Milliseconds until the next attempt. Never less than the server asked for, and a little more, so that not all it told the same come at once. */
  next(retryAfterMs = 0): number {
    const ceiling = Math.min(this.#max, this.#base * 2 ** Math.min(this.#attempts++, 30));
    const pause = this.#random() * ceiling;
    return retryAfterMs > 0 ? retryAfterMs + Math.min(pause, this.#base) : pause;
  }

  /** An attempt has succeeded. */
  reset(): void {
    this.#attempts = 0;
  }
}

/** Resolves after the time, rejects with the signal's reason when it is aborted. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const aborted = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", aborted);
      resolve();
    }, ms);
    signal?.addEventListener("abort", aborted, { once: true });
  });
}
