// SPDX-License-Identifier: Apache-2.0
// Somebody else's permessage-deflate (npm ws) against the real server.
import assert from "node:assert/strict";
import { once } from "node:events";
import test, { after, before } from "node:test";
import WebSocket from "ws";
import { password, person, Server, until } from "./server.mjs";

let server, url;
before(async () => {
  server = await Server.start({ PARLEY_REALTIME_COMPRESSION: "on" });
  url = `http://127.0.0.1:${server.port}`;
});
after(() => server?.stop());

async function socketOf(client, perMessageDeflate) {
  const answer = await fetch(`${url}/api/v1/auth/token`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ username: client.username, password }),
  });
  const { access_token: token } = await answer.json();
  const socket = new WebSocket(`${url.replace("http", "ws")}/api/v1/realtime`, "parley.v1", { perMessageDeflate, headers: { Authorization: `Bearer ${token}` } });
  socket.texts = [];
  socket.on("message", (data) => {
    const frame = JSON.parse(data);
    if (frame.event === "message.created") socket.texts.push(frame.data.message.text);
  });
  await once(socket, "open");
  return socket;
}

test("both ways are compressed for who offers it, and others get the same texts", async () => {
  const writer = await person(url);
  const group = await writer.createGroup({ name: "test" });
  const compressed = await socketOf(writer, { threshold: 0 });
  const plain = await socketOf(writer, false);
  assert.equal(compressed.extensions, "permessage-deflate");
  assert.equal(plain.extensions, "");
  const carried = ({ _socket: { bytesRead, bytesWritten } }) => bytesRead + bytesWritten;
  const texts = Array.from({ length: 40 }, (_, i) => `${i} ` + "äöü 你好 the same words again ".repeat(60));
  texts.forEach((text, id) => compressed.send(JSON.stringify({ type: "message.send", id, conversation_id: group.id, text })));
  await until(() => compressed.texts.length === texts.length && plain.texts.length === texts.length, "all messages");
  assert.deepEqual(compressed.texts, texts);
  assert.deepEqual(plain.texts, texts);
  const bytes = 2 * texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  assert.ok(carried(compressed) < bytes / 5, `${carried(compressed)} bytes for ${bytes}`);
  compressed.close();
  plain.close();
});

test("a message that unpacks to more than a frame may hold closes the socket", async () => {
  const socket = await socketOf(await person(url), { threshold: 0 });
  socket.send(JSON.stringify({ type: "ping", id: "x".repeat(5_000_000) }));
  const [code] = await once(socket, "close");
  assert.equal(code, 1009);
});
