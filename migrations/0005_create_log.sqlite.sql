-- The log of all conversations in commit order, appended and never moved; a message's row is its own message.created. Measured at five to ten times
-- the messages a second of a table clustered by conversation (docs/ARCHITECTURE.md, "The log").
CREATE TABLE log (
    id                   INTEGER PRIMARY KEY,
    conversation_id      INTEGER NOT NULL,
    seq                  INTEGER NOT NULL,
    kind                 INTEGER NOT NULL,  -- chat::EventKind
    at_us                INTEGER NOT NULL,
    actor_id             INTEGER,           -- who did it; null where the server did
    ordinal              INTEGER NOT NULL,  -- messages of its conversation up to here, itself included
    target_seq           INTEGER,           -- of a message: what it replies to; else: the message it is about
    subject_id           INTEGER,           -- the member, or the file
    text                 TEXT,              -- of a message: its text; else: emoji, role, or changed fields as JSON
    client_id            TEXT,
    mentions             TEXT,              -- user ids as a JSON list
    flags                INTEGER NOT NULL,  -- chat::MessageFlags
    edited_at_us         INTEGER,
    deleted_at_us        INTEGER,
    original_fingerprint TEXT               -- of what was first sent, kept when that is edited or deleted: to tell a repeat from another message
);
CREATE INDEX log_deleted_messages ON log (conversation_id, ordinal) WHERE deleted_at_us IS NOT NULL;

-- Where each event stands, filled behind the commits in sorted runs. Messages stand together, so that a page of history reads no other events.
CREATE TABLE by_position (
    conversation_id INTEGER NOT NULL,
    is_message      INTEGER NOT NULL,
    seq             INTEGER NOT NULL,
    log_id          INTEGER NOT NULL,
    PRIMARY KEY (conversation_id, is_message, seq)
) WITHOUT ROWID;
INSERT INTO meta (name, value) VALUES ('indexed_up_to', '0');

-- What was sent under a client's own id, kept as long as the message. Ids that begin with the time (UUIDv7) fall side by side.
CREATE TABLE sent (
    client_id       TEXT    NOT NULL,
    sender_id       INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    seq             INTEGER NOT NULL,
    PRIMARY KEY (client_id, sender_id, conversation_id)
) WITHOUT ROWID;
