// SPDX-License-Identifier: Apache-2.0
#include "storage/transaction.hpp"

namespace parley::storage {

void BatchTransaction::undo_to(Mark mark) {
    while (transaction_.undo_.size() > mark.undo) {
        transaction_.undo_.back()();
        transaction_.undo_.pop_back();
    }
    transaction_.announcements_.resize(mark.announcements);
    transaction_.scrub_ = mark.scrub;
}

}  // namespace parley::storage
