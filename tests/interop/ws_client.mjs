// SPDX-License-Identifier: Apache-2.0
// Reads {address, origin}: a server. Lives a client's whole life on it with the npm package ws and with fetch and FormData as browsers have them,
// and throws at the first thing that is not as api.md says. Prints {"checks": n}. Run by ws_client_test.cpp.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import WebSocket from 'ws';

const { address, origin } = JSON.parse(readFileSync(0, 'utf8'));
const api = `http://${address}/api/v1`;
let checks = 0;

function check(condition, what, seen) {
  if (!condition) throw new Error(`${what}: ${JSON.stringify(seen)}`);
  ++checks;
}

async function call(method, path, token, body) {
  const answer = await fetch(api + path, {
    method,
    headers: { ...(token && { Authorization: `Bearer ${token}` }), ...(body && { 'Content-Type': 'application/json' }) },
    body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text ? JSON.parse(text) : undefined };
}

async function signUp(username) {
  const password = 'correct horse battery staple';
  const made = await call('POST', '/users', undefined, { username, password });
  check(made.status === 201, 'an account', made);
  const token = await call('POST', '/auth/token', undefined, { username, password });
  check(token.status === 200 && token.body.token_type === 'Bearer', 'a token', token);
  return { id: made.body.id, token: token.body.access_token };
}

/** A socket whose text frames can be awaited one by one. */
class Client {
  constructor(options = {}) {
    this.socket = new WebSocket(`ws://${address}/api/v1/realtime`, 'parley.v1', options);
    this.frames = [];
    this.waiting = [];
    this.socket.on('message', (data, isBinary) => {
      check(!isBinary, 'frames are text', data);
      const frame = JSON.parse(data.toString());
      const taker = this.waiting.shift();
      taker ? taker(frame) : this.frames.push(frame);
    });
    this.closed = once(this.socket, 'close').then(([code, reason]) => ({ code, reason: reason.toString() }));
    this.opened = once(this.socket, 'open');
    this.opened.catch(() => {});
    this.closed.catch(() => {});
  }
  send(frame, options = {}) {
    this.socket.send(JSON.stringify(frame), options);
  }
  next() {
    return this.frames.length ? Promise.resolve(this.frames.shift()) : new Promise((resolve) => this.waiting.push(resolve));
  }
  async until(wanted) {
    for (;;) {
      const frame = await this.next();
      if (wanted(frame)) return frame;
    }
  }
}

const withToken = (token, more = {}) => ({ headers: { Authorization: `Bearer ${token}` }, ...more });
const ann = await signUp('ann');
const bob = await signUp('bob');
const group = (await call('POST', '/groups', ann.token, { name: 'interop', member_ids: [bob.id] })).body.id;

// 1. Signing in, each way, with ws's default offer of permessage-deflate.
const first = new Client(withToken(ann.token));
await first.opened;
check(first.socket.protocol === 'parley.v1' && first.socket.extensions === '', 'the handshake', first.socket.extensions);
const hello = await first.next();
check(hello.type === 'hello' && hello.user_id === ann.id, 'hello', hello);
const second = new Client({ perMessageDeflate: false });
await second.opened;
second.send({ type: 'auth', access_token: bob.token });
check((await second.next()).user_id === bob.id, 'hello of the frame', bob);
const third = new Client();
await third.opened;
third.send({ type: 'auth', ticket: (await call('POST', '/auth/ticket', bob.token)).body.ticket });
check((await third.next()).type === 'hello', 'hello of the ticket', bob);

// 2. Sending and receiving, in one piece and in many.
first.send({ id: 'a', type: 'message.send', conversation_id: group, text: 'hällo 👋', client_id: 'one' });
const isEvent = (frame) => frame.type === 'event';
const got = await second.until(isEvent);
check(got.event === 'message.created' && got.data.message.text === 'hällo 👋', 'the message', got);
const ok = await first.until((frame) => frame.type === 'ok');
check(ok.id === 'a' && ok.data.seq === got.seq, 'the acknowledgement', ok);
const long = 'é'.repeat(8000);
const bytes = Buffer.from(JSON.stringify({ id: 2, type: 'message.send', conversation_id: group, text: long }));
for (let at = 0; at < bytes.length; at += 101) {
  first.socket.send(bytes.subarray(at, at + 101), { binary: false, fin: at + 101 >= bytes.length });
  if (at === 1010) first.socket.ping('in between');
}
check((await once(first.socket, 'pong'))[0].toString() === 'in between', 'a pong between fragments');
check((await first.until((frame) => frame.id === 2)).type === 'ok', 'a message in fragments');
check((await second.until(isEvent)).data.message.text === long, 'comes whole');
first.send({ id: 3, type: 'nothing' });
check((await first.until((frame) => frame.id === 3)).error.code === 'realtime.unknown_type', 'an error');

// 3. Losing the connection and resuming.
third.socket.terminate();
await third.closed;
first.send({ id: 4, type: 'message.send', conversation_id: group, text: 'missed' });
await first.until((frame) => frame.id === 4);
const again = new Client();
await again.opened;
again.send({ id: 'r', type: 'auth', access_token: bob.token, resume: { epoch: hello.epoch, positions: { [group]: got.seq } } });
check((await again.next()).type === 'hello', 'hello again');
const missed = [await again.next(), await again.next()];
check(missed.every((event, i) => event.seq === got.seq + 1 + i), 'what was missed', missed);
check((await again.next()).data.conversations[0].last_seq === got.seq + 2, 'the end of the replay');

// 4. Ends.
again.socket.close(1000, 'done');
check((await again.closed).code === 1000, 'a close is answered');
const binary = new Client(withToken(bob.token));
await binary.opened;
binary.socket.send(Buffer.from([1]), { binary: true });
check((await binary.closed).code === 1003, 'binary');
const big = new Client(withToken(bob.token));
await big.opened;
big.socket.send('x'.repeat(70000));
check((await big.closed).code === 1009, 'too big');
const stranger = new Client();
await stranger.opened;
stranger.send({ type: 'auth', access_token: 'nonsense' });
check((await stranger.closed).code === 4001, 'a bad token in the frame');
const refused = new Client(withToken('nonsense'));
const [, response] = await once(refused.socket, 'unexpected-response');
check(response.statusCode === 401, 'a bad token in the header', response.statusCode);
response.destroy();
const foreign = new Client(withToken(bob.token, { origin: 'https://evil.example' }));
const [, forbidden] = await once(foreign.socket, 'unexpected-response');
check(forbidden.statusCode === 403, 'a page of another origin', forbidden.statusCode);
forbidden.destroy();
const allowed = new Client(withToken(bob.token, { origin }));
await allowed.opened;
check((await call('POST', '/auth/logout', bob.token)).status === 204, 'a logout');
check((await second.closed).code === 4001 && (await allowed.closed).code === 4001, 'a logout ends the sockets');

// 5. Files, as a browser's page sends and gets them.
const content = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7) % 256));
const form = new FormData();
form.append('file', new Blob([content], { type: 'application/x-test' }), 'naïve "name".bin');
form.append('expires_at', '2099-01-01T00:00:00Z');
const bearer = { Authorization: `Bearer ${ann.token}` };
const uploaded = await fetch(`${api}/files`, { method: 'POST', headers: bearer, body: form });
const file = await uploaded.json();
check(uploaded.status === 201 && file.sha256 === createHash('sha256').update(content).digest('hex'), 'an upload', file);
check(file.name === 'naïve "name".bin' && file.expires_at === '2099-01-01T00:00:00.000Z', 'its name and its end', file);
const whole = await fetch(`http://${address}${file.content_url}`, { headers: bearer });
check(Buffer.from(await whole.arrayBuffer()).equals(content), 'the download');
check(whole.headers.get('content-disposition').includes("filename*=UTF-8''na%C3%AFve%20%22name%22.bin"), 'its disposition');
const etag = whole.headers.get('etag');
const part = await fetch(`http://${address}${file.content_url}`, { headers: { ...bearer, Range: 'bytes=1000-1999', 'If-Range': etag } });
check(part.status === 206 && part.headers.get('content-range') === 'bytes 1000-1999/300000', 'a range', part.status);
check(Buffer.from(await part.arrayBuffer()).equals(content.subarray(1000, 2000)), 'its bytes');
const known = await fetch(`http://${address}${file.content_url}`, { headers: { ...bearer, 'If-None-Match': etag } });
check(known.status === 304 && (await known.text()) === '', 'what is known already', known.status);

// 6. What a browser asks before it lets a page of another origin in.
const preflight = await fetch(`${api}/files`, {
  method: 'OPTIONS',
  headers: { Origin: origin, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'authorization,content-type,range' },
});
check(preflight.ok && preflight.headers.get('access-control-allow-origin') === origin, 'a preflight', preflight.status);
check(/\bPOST\b/.test(preflight.headers.get('access-control-allow-methods')), 'its methods');
const letIn = preflight.headers.get('access-control-allow-headers').toLowerCase();
check(['authorization', 'content-type', 'range'].every((name) => letIn.includes(name)), 'its headers', letIn);
const crossed = await fetch(`http://${address}${file.content_url}`, { headers: { ...bearer, Origin: origin, Range: 'bytes=0-0' } });
check(crossed.headers.get('access-control-allow-origin') === origin, 'a call from there');
check(/content-range/i.test(crossed.headers.get('access-control-expose-headers')), 'what its page may read');
check(!(await fetch(`${api}/users/me`, { headers: { ...bearer, Origin: 'https://evil.example' } })).headers.has('access-control-allow-origin'), 'others');

first.socket.close();
await first.closed;
console.log(JSON.stringify({ checks }));
