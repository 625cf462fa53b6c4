// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/body.hpp"
#include "http/body_decoder.hpp"
#include "http/gate.hpp"
#include "http/outgoing.hpp"
#include "http/server.hpp"
#include "net/socket.hpp"

#include <coroutine>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace parley::http {

/// One connection: reads a request, has it answered, writes the answer, and reads the next. One request at a time, so pipelined ones are answered in
/// order, and bytes that come early wait in the kernel.
class Connection final : public net::SocketOwner, public std::enable_shared_from_this<Connection>, private net::Timer, private Work, private Body {
public:
    Connection(Server& server, net::Socket socket, Address peer, Listening listener);
    ~Connection();

    void start();
    /// Ends the connection now if no request is at it, else with the answer.
    void drain();
    void close(net::Socket::How how = net::Socket::How::gracefully);

private:
    enum class State : std::uint8_t {
        head,        // a request's head is read
        collecting,  // a body is read for a handler that wants it whole
        handling,    // a handler runs; it may be reading the body
        sending,     // an answer is written
        lingering,   // the answer is out, and what still comes is thrown away, so that it is not lost to a reset
        closed,
    };

    void readable() override;
    void writable() override;
    void expired() override;  // Timer
    void run() override;      // Work: goes on with pipelined requests in another turn

    void pump();
    bool step();
    bool read_more();
    bool read_head();
    void refuse(const Error& error);
    void begin_call(const Head& head);
    bool collect();
    void start_handler();
    static Task<void> serve(std::shared_ptr<Connection> self, std::shared_ptr<Call> call);
    void answer(const std::shared_ptr<Call>& call, Reply reply);
    void send(Reply reply, bool head_only);
    bool continue_sending();
    void sent();
    void linger();
    void discard();
    Task<void> send_file(std::shared_ptr<Connection> self);

    std::optional<Result<std::string_view>> try_read() override;  // Body
    void wait_for_body(std::coroutine_handle<> waiting) override;
    std::optional<std::uint64_t> declared_length() const noexcept override { return body_.declared_length(); }
    void resume_body_reader(std::optional<Result<std::string_view>> piece);
    void say_continue();
    void body_progress();

    Server& server_;
    net::Socket socket_;
    const Address peer_;
    const Listening listener_;
    State state_ = State::head;
    bool pumping_ = false;
    bool head_begun_ = false;              // some bytes of a head are there
    bool file_in_flight_ = false;          // a worker is sending from the socket: it must not be closed now
    std::shared_ptr<Connection> resting_;  // while the next turn is to go on
    bool close_after_ = false;             // the client or the drain wants it
    bool waiting_readable_ = false;
    Gate gate_;
    std::string in_;              // bytes that were read and not used yet
    std::size_t in_at_ = 0;       // of them, already used
    std::shared_ptr<Call> call_;  // the request being answered
    BodyDecoder body_;
    bool continue_wanted_ = false;
    Moment body_began_;
    std::uint64_t body_bytes_ = 0;
    std::coroutine_handle<> body_waiting_;
    std::optional<Result<std::string_view>> ready_piece_;
    Outgoing out_;
    std::optional<Upgrade> upgrade_;

    friend class Server;
    std::shared_ptr<Connection> alive_;  // while the connection is on the shard's list
    Connection* next_ = nullptr;
    Connection** link_ = nullptr;
};

}  // namespace parley::http
