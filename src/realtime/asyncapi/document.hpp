// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace parley::realtime::asyncapi {

/// What the document tells beside the frames.
struct Source {
    std::string_view title;
    std::string_view version;  // of the contract
    std::string_view license, license_url;
};

/// The AsyncAPI 3.0.0 document of `/api/v1/realtime`, as JSON without blanks: what the server receives and what it sends. The same bytes each time.
std::string document(const Source& source);

}  // namespace parley::realtime::asyncapi
