// SPDX-License-Identifier: Apache-2.0
export { Backoff, type BackoffOptions } from "./backoff.js";
export { ParleyClient, type ClientOptions } from "./client.js";
export { Connection, type ConnectionEvents, type ConnectionState } from "./connection.js";
export { ParleyError } from "./errors.js";
export { newClientId } from "./ids.js";
export { Outbox, type Draft, type OutboxOptions, type OutboxStorage } from "./outbox.js";
export { Positions } from "./positions.js";
export { Session, type Tokens, type TokenStorage } from "./session.js";
export type { WebSocketClass, WebSocketLike } from "./socket.js";
export type * from "./types.js";
export type { UploadOptions } from "./upload.js";
