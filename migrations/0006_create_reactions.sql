-- Who reacted to a message with what, in the order they did.
CREATE TABLE reactions (
    conversation_id BIGINT NOT NULL,
    message_seq     BIGINT NOT NULL,
    emoji           TEXT   NOT NULL,
    user_id         BIGINT NOT NULL,
    seq             BIGINT NOT NULL,  -- of the reaction.added event
    PRIMARY KEY (conversation_id, message_seq, emoji, user_id)
);
