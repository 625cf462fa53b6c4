// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.hpp"

#include <array>

namespace parley::chat::errors {

inline constexpr ErrorKind empty_message{"chat.empty_message", ErrorClass::unprocessable, "A message needs a visible text or a file."};
inline constexpr ErrorKind invalid_client_id{"chat.invalid_client_id", ErrorClass::unprocessable, "A client_id is 1 to 64 of A-Z a-z 0-9 _ and -."};
inline constexpr ErrorKind client_id_reused{"chat.client_id_reused", ErrorClass::conflict, "This client_id was used for another message here."};
inline constexpr ErrorKind no_such_message{"chat.no_such_message", ErrorClass::unprocessable, "There is no such message in this conversation."};
inline constexpr ErrorKind message_deleted{"chat.message_deleted", ErrorClass::conflict, "This message was deleted."};
inline constexpr ErrorKind not_author{"chat.not_author", ErrorClass::forbidden, "Only who wrote a message may edit it."};
inline constexpr ErrorKind may_not_delete{"chat.may_not_delete", ErrorClass::forbidden,
                                          "Only who wrote a message, an admin or an owner may delete it."};
inline constexpr ErrorKind invalid_emoji{"chat.invalid_emoji", ErrorClass::unprocessable,
                                         "A reaction is one character as people see it, of at most 64 bytes."};
inline constexpr ErrorKind too_many_reactions{"chat.too_many_reactions", ErrorClass::unprocessable,
                                              "This message has as many different reactions as it can."};
inline constexpr ErrorKind several_positions{"chat.several_positions", ErrorClass::malformed, "Ask for one of before_seq, after_seq and around_seq."};

inline constexpr ErrorKind no_such_page{"chat.no_such_page", ErrorClass::not_found, "There is no such page."};

inline constexpr std::array all{&empty_message,  &invalid_client_id, &client_id_reused,   &no_such_message,   &message_deleted, &not_author,
                                &may_not_delete, &invalid_emoji,     &too_many_reactions, &several_positions, &no_such_page};

}  // namespace parley::chat::errors
