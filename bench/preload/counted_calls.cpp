// SPDX-License-Identifier: Apache-2.0
// Loaded into a server (LD_PRELOAD) to count what it allocates and asks the kernel for. The counts stand in a file that both processes have mapped.
#include "counted_calls.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>
#include <cstdlib>

using parley::bench::CallCounts;

extern "C" {
// The allocator of glibc under its other names; declared nowhere.
void* __libc_malloc(std::size_t size);                           // NOLINT
void* __libc_calloc(std::size_t count, std::size_t size);        // NOLINT
void* __libc_realloc(void* block, std::size_t size);             // NOLINT
void* __libc_memalign(std::size_t alignment, std::size_t size);  // NOLINT
}

namespace {

CallCounts* map_counts() {
    static CallCounts nowhere;
    const char* path = ::getenv("BENCH_COUNTS");
    const int file = path == nullptr ? -1 : ::open(path, O_RDWR | O_CLOEXEC);
    if (file < 0) return &nowhere;
    void* memory = ::mmap(nullptr, sizeof(CallCounts), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    ::close(file);
    return memory == MAP_FAILED ? &nowhere : static_cast<CallCounts*>(memory);
}

CallCounts& counts() {
    static CallCounts* const mapped = map_counts();
    return *mapped;
}

/// The function that would have been called without us.
template <class Function>
Function* next(const char* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

void* malloc(std::size_t size) {
    ++counts().allocations;
    return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
    ++counts().allocations;
    return __libc_calloc(count, size);
}
void* realloc(void* block, std::size_t size) {
    ++counts().allocations;
    return __libc_realloc(block, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
    ++counts().allocations;
    return __libc_memalign(alignment, size);
}

ssize_t send(int handle, const void* bytes, std::size_t size, int flags) {
    static auto* const real = next<decltype(send)>("send");
    ++counts().sends;
    return real(handle, bytes, size, flags);
}
ssize_t sendmsg(int handle, const msghdr* message, int flags) {
    static auto* const real = next<decltype(sendmsg)>("sendmsg");
    ++counts().sends;
    return real(handle, message, flags);
}
ssize_t recv(int handle, void* bytes, std::size_t size, int flags) {
    static auto* const real = next<decltype(recv)>("recv");
    ++counts().receives;
    return real(handle, bytes, size, flags);
}
int epoll_wait(int poll, epoll_event* events, int most, int timeout) {
    static auto* const real = next<decltype(epoll_wait)>("epoll_wait");
    ++counts().polls;
    return real(poll, events, most, timeout);
}
ssize_t pwrite64(int file, const void* bytes, std::size_t size, off64_t at) {
    static auto* const real = next<decltype(pwrite64)>("pwrite64");
    ++counts().file_writes;
    return real(file, bytes, size, at);
}
int fdatasync(int file) {
    static auto* const real = next<decltype(fdatasync)>("fdatasync");
    ++counts().syncs;
    return real(file);
}

}  // extern "C"
