// SPDX-License-Identifier: Apache-2.0
// The real server in a folder of its own, and a proxy that spoils the way to it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import WebSocket from "ws";
import { ParleyClient } from "../dist/index.js";

const program = process.env.PARLEY;
if (!program) throw new Error("PARLEY names the server to be tested");

/** This program's environment without its own settings of a server: one that is not known keeps the server from starting. */
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("PARLEY_")));

/** Polls until it is true; fails after 20 s. */
export async function until(condition, what) {
  const end = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export class Server {
  static async start(settings = {}) {
    const server = new Server();
    server.settings = settings;
    server.folder = await mkdtemp(join(tmpdir(), "parley-sdk-"));
    await server.run();
    return server;
  }
  async run() {
    await rm(join(this.folder, "listen.json"), { force: true });
    this.process = spawn(program, ["serve"], {
      stdio: ["ignore", "ignore", "inherit"],
      env: {
        ...environment,
        PARLEY_STORAGE_DATA_DIR: this.folder,
        PARLEY_SERVER_LISTEN: "127.0.0.1:0",
        PARLEY_SERVER_INTERNAL_LISTEN: "127.0.0.1:0",
        PARLEY_LOG_LEVEL: "error",
        PARLEY_LIMITS_RATE_LIMITS: "off",
        ...this.settings,
      },
    });
    this.ended = once(this.process, "exit");
    await until(async () => {
      const listening = await readFile(join(this.folder, "listen.json"), "utf8").catch(() => "");
      this.port = Number(/"public"[^}]*?127\.0\.0\.1:(\d+)/s.exec(listening)?.[1] ?? 0);
      return this.port > 0 && (await fetch(`http://127.0.0.1:${this.port}/readyz`).catch(() => ({}))).ok;
    }, "the server is ready");
  }
  async kill() {
    this.process.kill("SIGKILL");
    await this.ended;
  }
  async stop() {
    this.process.kill("SIGTERM");
    await this.ended;
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Forwards to the port of its `server`; cuts, slows and holds what goes through. */
export class Proxy {
  static async start() {
    const proxy = new Proxy();
    proxy.sockets = new Set();
    proxy.delayMs = 0;
    proxy.pieces = Infinity;
    proxy.carried = 0;
    proxy.listener = net.createServer((near) => proxy.join(near, proxy.server.port));
    proxy.listener.listen(0, "127.0.0.1");
    await once(proxy.listener, "listening");
    proxy.url = `http://127.0.0.1:${proxy.listener.address().port}`;
    return proxy;
  }
  /** From now on no WebSocket comes through. */
  close() {
    this.closed = true;
    this.cut();
  }
  open() {
    this.closed = false;
  }
  join(near, port) {
    const far = net.connect(port, "127.0.0.1");
    for (const [from, to] of [[near, far], [far, near]]) {
      this.sockets.add(from);
      from.on("data", (bytes) => (from.forwarded = this.forward(bytes, from, to)));
      from.on("error", () => {});
      from.on("close", () => {
        this.sockets.delete(from);
        void Promise.resolve(from.forwarded).then(() => to.destroySoon());
      });
    }
  }
  async forward(bytes, from, to) {
    this.carried += bytes.length;
    if (this.closed && bytes.includes("/api/v1/realtime")) return void from.resetAndDestroy();
    if (this.delayMs === 0 && this.pieces === Infinity) return void to.write(bytes);
    from.pause();
    for (let at = 0; at < bytes.length; at += this.pieces) {
      await new Promise((resolve) => setTimeout(resolve, this.delayMs));
      to.write(bytes.subarray(at, Math.min(bytes.length, at + this.pieces)));
    }
    from.resume();
  }
  cut() {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }
  async stop() {
    this.cut();
    this.listener.close();
    await once(this.listener, "close");
  }
}

const password = "Tangerine-Bicycle-42";
let people = 0;

/** Somebody new, signed in. */
export async function person(url, options = {}) {
  const client = new ParleyClient(url, { WebSocket, backoff: { baseMs: 20, maxMs: 200 }, ...options });
  const username = `person${++people}`;
  await client.signUp({ username, password });
  client.user = await client.signIn(username, password);
  client.username = username;
  return client;
}
export { password };

/** What a connection was told, in order. */
export function recorded(connection) {
  const messages = [];
  connection.on("message", (message) => messages.push(message));
  return messages;
}
