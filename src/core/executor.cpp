// SPDX-License-Identifier: Apache-2.0
#include "core/executor.hpp"

namespace parley {

thread_local constinit Executor* Executor::current_ = nullptr;

WorkList& Postbag::list_for(Executor& executor) {
    for (auto& [known, list] : lists_) {
        if (known == &executor) return list;
    }
    return lists_.emplace_back(&executor, WorkList{}).second;
}

void Postbag::deliver() {
    for (auto& [executor, list] : lists_) {
        if (!list.empty()) executor->post(std::move(list));
    }
}

}  // namespace parley
