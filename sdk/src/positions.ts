// SPDX-License-Identifier: Apache-2.0

/** How far each conversation was received: what makes a doubled or a missing event visible. */
export class Positions {
  readonly #last = new Map<number, number>();

  get size(): number {
    return this.#last.size;
  }
  get(conversation: number): number | undefined {
    return this.#last.get(conversation);
  }
  set(conversation: number, seq: number): void {
    this.#last.set(conversation, seq);
  }
  forget(conversation: number): void {
    this.#last.delete(conversation);
  }
  clear(): void {
    this.#last.clear();
  }

  /** Takes the next event: `next` is to be shown, `seen` was shown already, before `gap` something is missing. */
  take(conversation: number, seq: number): "next" | "seen" | "gap" {
    const last = this.#last.get(conversation) ?? 0;
    if (seq <= last) return "seen";
    if (seq > last + 1) return "gap";
    this.#last.set(conversation, seq);
    return "next";
  }

  /** In parts of at most `most`, as `resume` takes them. */
  parts(most: number): Record<string, number>[] {
    const parts: Record<string, number>[] = [];
    let part: Record<string, number> = {};
    for (const [conversation, seq] of this.#last) {
      part[conversation] = seq;
      if (Object.keys(part).length < most) continue;
      parts.push(part);
      part = {};
    }
    return Object.keys(part).length > 0 ? [...parts, part] : parts;
  }
}
