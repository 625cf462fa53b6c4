-- Facts about the database itself: its epoch (changed by a restore, so that positions of before are refused) and secrets that live as long as it does.
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
