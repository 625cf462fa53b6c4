// SPDX-License-Identifier: Apache-2.0
#include "core/json/schema.hpp"

namespace parley::json {

std::string SchemaSet::plain(const std::string*, Use, const Limits& limits) {
    // maxLength counts characters: no text of max_bytes bytes has more of them.
    std::string schema = R"({"type":"string")";
    if (limits.min_bytes > 0) schema += R"(,"minLength":1)";
    if (limits.max_bytes != Limits{}.max_bytes) schema += R"(,"maxLength":)" + std::to_string(limits.max_bytes);
    return schema + '}';
}

std::string SchemaSet::or_null(std::string schema) { return R"({"anyOf":[)" + std::move(schema) + R"(,{"type":"null"}]})"; }

std::string SchemaSet::described(std::string schema, std::string_view sentence) {
    if (sentence.empty()) return schema;
    schema.pop_back();
    return schema + (schema.size() > 1 ? "," : "") + R"("description":)" + to_json(std::string{sentence}) + '}';
}

}  // namespace parley::json
