// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "faults/shared_text.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

/// What a run has done and seen. Every client writes a history of its own; they are put together when all have ended.
namespace parley::faults {

/// What the client was told. After a timeout, a lost connection or a 5xx the request may have happened or not; after a 4xx it has not.
enum class Outcome : std::uint8_t { unknown, ok, refused };

/// Nanoseconds of the steady clock that all histories share.
std::int64_t moment_ns();

/// Between these two moments, in `moment_ns`, the server did what was asked.
struct Span {
    std::int64_t begun = 0, ended = 0;
};

/// One attempt to send a message. Attempts with the same sender, conversation and key are the same message.
struct Send {
    std::string key;
    std::int64_t conversation = 0;
    std::int64_t sender = 0;
    std::string text;
    std::vector<std::int64_t> files;
    Outcome outcome = Outcome::unknown;
    std::int64_t seq = 0;  // when ok
    Span span;
};

/// One attempt to give something a value: "text 7/42" the text "new", "reaction 7/42/👍/3" "yes". One client only changes each, so that the order
/// of attempts is known.
struct Change {
    std::string what;
    std::string value;
    Outcome outcome = Outcome::unknown;
    Span span;
};

/// An event as it was received. Two events of one place are the same if their `identity` is; `bytes` is what came live, "" if it may be a replay,
/// which shows a message as it is at that moment.
struct Event {
    std::int64_t seq = 0;
    SharedText identity;
    SharedText bytes;
};

/// Events of one conversation that a reader received without a break: from one `resume`, one page, one connection.
struct Stream {
    std::string reader;
    std::int64_t conversation = 0;
    std::optional<std::int64_t> after;  // the position it was asked from; nothing where only what is new was asked for
    std::vector<Event> events;
};

/// Somebody was told that a conversation ends at this seq.
struct Head {
    std::string reader;
    std::int64_t conversation = 0;
    std::int64_t last_seq = 0;
    Span span;
};

/// Somebody was told that a user has read a conversation up to here. A send's answer implies one.
struct Mark {
    std::int64_t user = 0;
    std::int64_t conversation = 0;
    std::int64_t seq = 0;
    Span span;
};

/// A page of a log: `events` of at most `limit` behind a position, and where the log was said to end.
struct Page {
    std::string reader;
    std::int64_t conversation = 0;
    std::int64_t after = 0;
    std::int64_t limit = 0;
    std::int64_t events = 0;
    std::int64_t last_seq = 0;
};

/// A `resume` that was answered. A reader that goes away before leaves none.
struct Resume {
    enum class Answer : std::uint8_t { continued, resync_required };

    std::string reader;
    std::string epoch;         // that it was asked with
    std::string server_epoch;  // that the server had said
    std::map<std::int64_t, std::int64_t> positions;
    Answer answer = Answer::continued;
    std::map<std::int64_t, std::int64_t> heads = {};    // up to which the answer says it has replayed
    std::map<std::int64_t, std::int64_t> reached = {};  // the last event that had come of each when the answer did
    std::set<std::int64_t> truncated = {};              // named as too far behind
    Span span = {};
};

/// Where a reader stood when all had been well for five seconds, and what was acknowledged when it became well.
struct Arrival {
    std::string reader;
    std::int64_t conversation = 0;
    std::int64_t head = 0;
    std::int64_t reached = 0;
};

/// Somebody who may or may not be a member received something of a conversation.
struct Sighting {
    std::int64_t user = 0;
    std::int64_t conversation = 0;
    std::int64_t seq = 0;
    std::int64_t moment = 0;
};

struct Upload {
    std::string name;  // no two are the same
    std::int64_t size = 0;
    std::string sha256;
    Outcome outcome = Outcome::unknown;
    std::int64_t file = 0;  // when ok
};

/// An entry of a conversation's log when all was over; what a kind does not have is empty.
struct Entry {
    std::int64_t seq = 0;
    std::string event;
    std::string identity;
    std::int64_t actor = 0;
    std::int64_t message_seq = 0;  // whom it is about: a message's own seq for message.created
    std::int64_t user = 0;
    std::string detail;  // the emoji, or the role
    std::string key;     // of a message
    friend bool operator==(const Entry&, const Entry&) = default;
};

/// A message when all was over.
struct Message {
    std::int64_t sender = 0;
    std::string key;
    std::optional<std::string> text;  // nothing when it is deleted
    std::vector<std::int64_t> files;
    std::map<std::string, std::vector<std::int64_t>> reactions;  // emoji → users
    friend bool operator==(const Message&, const Message&) = default;
};

struct Membership {
    std::string role;
    std::int64_t last_read_seq = 0;
    std::optional<std::int64_t> unread;  // where it could be asked for
    friend bool operator==(const Membership&, const Membership&) = default;
};

struct Conversation {
    std::int64_t last_seq = 0;
    std::vector<Entry> log;
    std::map<std::int64_t, Message> messages;
    std::map<std::int64_t, Membership> members;
    friend bool operator==(const Conversation&, const Conversation&) = default;
};

/// A file when all was over.
struct StoredFile {
    std::string name;
    std::int64_t size = 0;
    std::string sha256;          // as the server says
    std::string content_sha256;  // of the bytes it gave
    friend bool operator==(const StoredFile&, const StoredFile&) = default;
};

/// What stands on the disk when all is over.
struct Disk {
    std::vector<std::string> blobs;                  // names of the files in the blob folder
    std::vector<std::pair<std::string, bool>> rows;  // blob names in the database, and whether the file is ready
    std::vector<std::string> complaints;             // of the database's own check
};

struct History {
    std::vector<Send> sends;
    std::vector<Change> changes;
    std::vector<Stream> streams;
    std::vector<Head> heads;
    std::vector<Mark> marks;
    std::vector<Page> pages;
    std::vector<Resume> resumes;
    std::vector<Arrival> arrivals;
    std::vector<Sighting> sightings;
    /// When the server stood still or the network held what was on its way: none of that time is the server's.
    std::vector<Span> troubles;
    std::vector<Upload> uploads;
    std::vector<std::string> epochs;
    /// What a client met that no kill explains: a refusal, a connection that ended under a running server.
    std::vector<std::string> surprises;

    std::map<std::int64_t, Conversation> conversations;
    std::map<std::int64_t, StoredFile> files;
    Disk disk;

    /// Takes what another has done and seen; not what the end was.
    void add(History&& other);
};

}  // namespace parley::faults
