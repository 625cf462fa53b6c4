// SPDX-License-Identifier: Apache-2.0
#include "http/route.hpp"

namespace parley::http {

Route::Route(Verb route_verb, std::string route_path, Access route_access, Handler route_handler, std::string_view route_summary)
    : verb(route_verb),
      path(std::move(route_path)),
      access(route_access),
      handler(std::move(route_handler)),
      summary(route_summary) {
    for (auto open = path.find('{'); open != std::string::npos; open = path.find('{', open + 1)) {
        parameter_names.push_back(path.substr(open + 1, path.find('}', open) - open - 1));
    }
}

}  // namespace parley::http
