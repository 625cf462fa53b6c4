// SPDX-License-Identifier: Apache-2.0
// Somebody else's client of `text/event-stream` (npm eventsource) against the real server.
import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { EventSource } from "eventsource";
import { password, person, Server, until } from "./server.mjs";

let server;
before(async () => { server = await Server.start(); });
after(() => server?.stop());

const api = (path) => `http://127.0.0.1:${server.port}/api/v1${path}`;
async function post(path, body, token) {
  const headers = { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) };
  const answer = await fetch(api(path), { method: "POST", headers, body: JSON.stringify(body) });
  assert.ok(answer.ok, `${path}: ${answer.status}`);
  return answer.json();
}

test("an EventSource that is cut off by a SIGKILL goes on where it was", async () => {
  const ann = await person(`http://127.0.0.1:${server.port}`);
  const { access_token: token } = await post("/auth/token", { username: ann.username, password });
  const group = await post("/groups", { name: "stream" }, token);
  const say = (text) => post(`/conversations/${group.id}/messages`, { text }, token);
  const source = new EventSource(api("/realtime/sse"), {
    fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, Authorization: `Bearer ${token}` } }),
  });
  let hellos = 0;
  const texts = [];
  source.addEventListener("hello", () => { hellos += 1; });
  source.addEventListener("message.created", (event) => texts.push(JSON.parse(event.data).data.message.text));
  await until(() => hellos === 1, "hello");
  await say("one");
  await until(() => texts.length === 1, "the first message");
  await server.kill();
  server.settings = { ...server.settings, PARLEY_SERVER_LISTEN: `127.0.0.1:${server.port}` };
  await server.run();
  await say("two");
  await until(() => hellos === 2 && texts.length >= 2, "the stream is back");
  await say("three");
  await until(() => texts.length >= 3, "the last message");
  source.close();
  assert.deepEqual(texts, ["one", "two", "three"]);
});
