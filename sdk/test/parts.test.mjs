// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import test from "node:test";
import { Backoff, newClientId, Outbox, ParleyError, Positions } from "../dist/index.js";

const fast = { baseMs: 1, maxMs: 2 };

test("pauses are random, grow twofold, and end at the longest", () => {
  const backoff = new Backoff({ baseMs: 100, maxMs: 1000, random: () => 1 });
  assert.deepEqual([1, 2, 3, 4, 5, 6].map(() => backoff.next()), [100, 200, 400, 800, 1000, 1000]);
  backoff.reset();
  assert.equal(backoff.next(), 100);
  assert.equal(new Backoff({ baseMs: 100, random: () => 0 }).next(), 0, "full jitter begins at nothing");
});

test("a pause the server asks for is kept, and a little more", () => {
  const backoff = new Backoff({ baseMs: 100, random: () => 0.5 });
  assert.equal(backoff.next(5000), 5050);
  assert.ok(new Backoff({ random: () => 0 }).next(700) >= 700);
});

test("ids are UUIDv7 with the time in front", () => {
  const id = newClientId(0x0123456789ab);
  assert.match(id, /^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.notEqual(newClientId(1), newClientId(1));
});

test("positions tell the next event from a doubled and a missing one", () => {
  const positions = new Positions();
  positions.set(7, 40);
  assert.equal(positions.take(7, 41), "next");
  assert.equal(positions.take(7, 41), "seen");
  assert.equal(positions.take(7, 43), "gap");
  assert.equal(positions.take(7, 42), "next");
  positions.set(8, 1);
  assert.deepEqual(positions.parts(1), [{ 7: 42 }, { 8: 1 }]);
});

test("an outbox repeats a message with the same id, and keeps the order", async () => {
  const arrived = [];
  let failures = 5;
  const outbox = new Outbox(async (draft) => {
    arrived.push(draft);
    if (failures-- > 0) throw new ParleyError("network", "cut", { temporary: true });
    return { conversation_id: 7, seq: arrived.length, created_at: "" };
  }, { backoff: fast });
  outbox.go();
  await Promise.all(["a", "b", "c"].map((text) => outbox.send({ conversation_id: 7, text })));
  assert.deepEqual(arrived.map((draft) => draft.text), ["a", "a", "a", "a", "a", "a", "b", "c"]);
  assert.equal(new Set(arrived.map((draft) => draft.client_id)).size, 3);
  assert.equal(outbox.size, 0);
});

test("an outbox gives up on what no repetition cures, and on nothing else", async () => {
  const outbox = new Outbox(async (draft) => {
    if (draft.text === "bad") throw new ParleyError("chat.empty_message", "no");
    return { conversation_id: 7, seq: 1, created_at: "" };
  }, { backoff: fast });
  outbox.go();
  const bad = outbox.send({ conversation_id: 7, text: "bad" });
  const good = outbox.send({ conversation_id: 7, text: "good" });
  await assert.rejects(bad, { code: "chat.empty_message" });
  assert.equal((await good).seq, 1);
});

test("an outbox waits while there is no connection, is bounded, and outlives a page", async () => {
  let stored = [];
  const storage = { load: () => stored, save: (drafts) => (stored = structuredClone(drafts)) };
  const first = new Outbox(() => assert.fail("there is no connection"), { storage, most: 2 });
  const lost = [first.send({ conversation_id: 7, text: "a" }), first.send({ conversation_id: 7, text: "b" })];
  for (const one of lost) one.catch(() => {});
  await assert.rejects(first.send({ conversation_id: 7, text: "c" }), { code: "outbox_full" });
  assert.deepEqual(stored.map((draft) => draft.text), ["a", "b"]);
  const ids = stored.map((draft) => draft.client_id);
  const arrived = [];
  const second = new Outbox(async (draft) => (arrived.push(draft.client_id), { conversation_id: 7, seq: 1, created_at: "" }), { storage });
  await second.restore();
  second.go();
  while (second.size > 0) await new Promise(setImmediate);
  assert.deepEqual(arrived, ids);
  assert.deepEqual(stored, []);
  first.close();
  await Promise.all(lost.map((one) => assert.rejects(one, { code: "closed" })));
});
