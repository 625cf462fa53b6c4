// SPDX-License-Identifier: Apache-2.0
// The client against the real server, over ways that are cut, slow, or lead to a server that was killed.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import test, { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { ParleyClient } from "../dist/index.js";
import { password, person, Proxy, recorded, Server, until } from "./server.mjs";

let server, proxy, plain;
before(async () => {
  plain = await Server.start();
  proxy = await Proxy.start();
  server = proxy.server = await Server.start({ PARLEY_SERVER_PUBLIC_URL: proxy.url });
});
after(async () => {
  await proxy?.stop();
  await server?.stop();
  await plain?.stop();
});
const straight = () => `http://127.0.0.1:${plain.port}`;

/** Two people in a group; the reader's connection is open. The writer goes through the proxy. */
async function pair(url = proxy.url) {
  const [writer, reader] = [await person(url), await person(url)];
  const group = await writer.createGroup({ name: "test", member_ids: [reader.user.id] });
  const [out, into] = [writer.connect(), reader.connect()];
  await Promise.all([out.ready(), into.ready()]);
  return { writer, reader, group: group.id, out, into, close: () => [out, into].forEach((connection) => connection.close()) };
}

/** What the server itself holds, ascending. */
async function stored(client, group) {
  const texts = [];
  for await (const message of client.history(group)) texts.unshift(message.text);
  return texts;
}

test("two people chat: messages, typing, presence, read marks, history", async () => {
  const { writer, reader, group, out, into, close } = await pair(straight());
  const seen = recorded(into);
  const typed = into.once("typing");
  out.typing(group);
  assert.equal((await typed).user_id, writer.user.id);
  assert.equal((await into.watch([writer.user.id]))[0].status, "online");
  const sent = await out.send(group, "hello");
  await until(() => seen.length === 1, "the message arrives");
  assert.equal(seen[0].text, "hello");
  assert.equal(seen[0].seq, sent.seq);
  const read = out.once("read");
  await reader.markRead(group, sent.seq);
  assert.equal((await read).last_read_seq, sent.seq);
  await writer.edit(group, sent.seq, "hello!");
  await reader.react(group, sent.seq, "👍");
  assert.deepEqual(await stored(reader, group), ["hello!"]);
  const mine = [];
  for await (const conversation of reader.conversations()) mine.push(conversation.id);
  assert.deepEqual(mine, [group]);
  close();
});

test("a connection that is cut again and again loses and doubles nothing", async () => {
  const { reader, group, out, into, close } = await pair();
  const seen = recorded(into);
  const texts = Array.from({ length: 150 }, (_, i) => `message ${i}`);
  const cutting = setInterval(() => proxy.cut(), 60);
  await Promise.all(texts.map((text) => out.send(group, text))).finally(() => clearInterval(cutting));
  await until(() => seen.length >= texts.length, "everything arrives");
  assert.deepEqual(seen.map((message) => message.text), texts);
  assert.deepEqual(await stored(reader, group), texts);
  close();
});

test("a server that is killed and started again loses and doubles nothing", async () => {
  const { reader, group, out, into, close } = await pair();
  const seen = recorded(into);
  const texts = Array.from({ length: 200 }, (_, i) => `message ${i}`);
  const sent = Promise.all(texts.map((text) => out.send(group, text)));
  for (let kills = 1; kills <= 3; ++kills) {
    await until(() => seen.length >= kills * 20, "some arrive");
    await server.kill();
    await server.run();
  }
  await sent;
  await until(() => seen.length >= texts.length, "everything arrives");
  assert.deepEqual(seen.map((message) => message.text), texts);
  assert.deepEqual(await stored(reader, group), texts);
  close();
});

test("a slow way only takes longer", async () => {
  const { group, out, into, close } = await pair();
  const seen = recorded(into);
  Object.assign(proxy, { delayMs: 2, pieces: 100 });
  await Promise.all(Array.from({ length: 10 }, (_, i) => out.send(group, `slow ${i}`)));
  await until(() => seen.length === 10, "everything arrives");
  Object.assign(proxy, { delayMs: 0, pieces: Infinity });
  assert.deepEqual(seen.map((message) => message.text), Array.from({ length: 10 }, (_, i) => `slow ${i}`));
  close();
});

test("who was away for more than a resume brings reads it all, once", async () => {
  const { writer, reader, group, into, close } = await pair();
  const seen = recorded(into);
  const texts = Array.from({ length: 1300 }, (_, i) => `missed ${i}`);
  proxy.close();
  await until(() => into.state === "waiting", "the way is gone");
  for (const text of texts) await writer.session.json(`/conversations/${group}/messages`, { method: "POST", json: { text } });
  proxy.open();
  await until(() => seen.length >= texts.length, "everything arrives");
  assert.deepEqual(seen.map((message) => message.text), texts);
  assert.equal((await stored(reader, group)).length, texts.length);
  close();
});

test("a new conversation that came while one was away is told", async () => {
  const { writer, reader, into, close } = await pair();
  const seen = recorded(into);
  const away = new Promise((resolve) => into.on("state", (state) => state === "waiting" && resolve()));
  proxy.cut();
  await away;
  const direct = await writer.direct(reader.user.id);
  const out = writer.connect();
  await out.send(direct.id, "you were away");
  await until(() => seen.some((message) => message.text === "you were away"), "it is told");
  out.close();
  close();
});

test("what the server refuses for good is told, and what follows goes on", async () => {
  const { group, out, into, close } = await pair(straight());
  const seen = recorded(into);
  await assert.rejects(out.send(group, ""), (error) => error.code !== "network" && !error.temporary);
  await assert.rejects(out.send(999_999, "nobody"), (error) => !error.temporary);
  await out.send(group, "fine");
  await until(() => seen.length === 1, "the good one arrives");
  close();
});

test("tokens are renewed before they end, once for many who ask, and the socket goes on", async () => {
  const short = await Server.start({ PARLEY_AUTH_ACCESS_TOKEN_TTL: "31s" });
  try {
    const client = await person(`http://127.0.0.1:${short.port}`);
    const connection = client.connect();
    await connection.ready();
    const states = [];
    connection.on("state", (state) => states.push(state));
    const first = await client.session.accessToken();
    await until(async () => (await client.session.accessToken()) !== first, "it is renewed");
    const answers = await Promise.all(Array.from({ length: 5 }, () => client.session.refresh()));
    assert.equal(new Set(answers.map((tokens) => tokens.refreshToken)).size, 1);
    assert.equal((await client.me()).username, client.username);
    assert.deepEqual(states, []);
    connection.close();
  } finally {
    await short.stop();
  }
});

test("a session that was ended elsewhere signs out, and says so", async () => {
  const client = await person(straight());
  const connection = client.connect();
  await connection.ready();
  const trouble = connection.once("trouble");
  const elsewhere = new ParleyClient(straight());
  await elsewhere.signIn(client.username, password);
  await elsewhere.session.json("/users/me/password", { method: "POST", json: { current_password: password, new_password: `${password}-new` } });
  assert.equal((await trouble).code, "signed_out");
  assert.equal(connection.state, "closed");
  await assert.rejects(client.me(), { code: "signed_out" });
});

test("an upload over a slow way arrives whole, and ends when it is told to", async () => {
  const client = await person(proxy.url);
  const bytes = crypto.getRandomValues(new Uint8Array(65_536));
  const content = new Blob(Array.from({ length: 16 }, () => bytes), { type: "application/octet-stream" });
  Object.assign(proxy, { delayMs: 1, pieces: 16_384 });
  const file = await client.upload(content, { name: "résumé.bin" }).finally(() => Object.assign(proxy, { delayMs: 0, pieces: Infinity }));
  assert.equal(file.name, "résumé.bin");
  assert.equal(file.size, content.size);
  assert.deepEqual(Buffer.from(await (await client.download(file)).arrayBuffer()), Buffer.from(await content.arrayBuffer()));
  await assert.rejects(client.upload(content, { signal: AbortSignal.abort(new Error("never mind")) }), { message: "never mind" });
});

test("an upload that is cut off is tried again", async () => {
  let attempts = 0;
  const cutting = (url, init) => (String(url).endsWith("/files") && ++attempts < 3 ? Promise.reject(new TypeError("cut")) : fetch(url, init));
  const client = await person(straight(), { fetch: cutting });
  const file = await client.upload(new Blob(["whole"]), { name: "a.txt" });
  assert.equal(attempts, 3);
  assert.equal(await (await client.download(file)).text(), "whole");
});

test("the program of the README runs as it stands", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const program = /```js\n([\s\S]*?)```/.exec(readme)[1];
  assert.ok(program.trim().split("\n").length <= 16);
  const friend = await person(straight());
  const group = await friend.createGroup({ name: "lobby", visibility: "public" });
  const connection = friend.connect();
  await connection.ready();
  const seen = recorded(connection);
  const folder = await mkdtemp(join(dirname(fileURLToPath(import.meta.url)), "readme-"));
  await writeFile(join(folder, "chat.mjs"), program.replace("@parley/client", "../../dist/index.js"));
  const flags = globalThis.WebSocket ? [] : ["--experimental-websocket"];
  const child = spawn(process.execPath, [...flags, join(folder, "chat.mjs"), straight(), `chatter${group.id}`, password, "lobby"]);
  try {
    let output = "";
    child.stdout.on("data", (text) => (output += text));
    child.stderr.on("data", (text) => (output += text));
    child.stdin.write("good morning\n");
    await until(() => seen.some((message) => message.text === "good morning"), `it sends: ${output}`);
    await connection.send(group.id, "welcome");
    await until(() => output.includes("welcome"), "it shows what others say");
  } finally {
    child.kill();
    connection.close();
    await rm(folder, { recursive: true });
  }
});
