// SPDX-License-Identifier: Apache-2.0
// The broadcast of the documents of Socket.IO: each message goes to all clients, the sender too.
import { createServer } from "node:http";
import { Server } from "socket.io";

const http = createServer();
const io = new Server(http, { transports: ["websocket"], perMessageDeflate: false, pingInterval: 600_000 });
io.on("connection", (socket) => socket.on("message", (text) => io.emit("message", text)));
http.listen({ host: "127.0.0.1", port: Number(process.env.PORT), backlog: 4096 });
