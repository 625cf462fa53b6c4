// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/schema.hpp"
#include "core/json/writer.hpp"
#include "http/openapi/failures.hpp"

#include <set>
#include <string>
#include <string_view>

namespace parley::http::openapi {

/// The parts of the document that operations point to. What none points to is left out.
class Components {
public:
    explicit Components(const Source& source) : source_(source), shared_(shared_failures(source)) {}

    /// For request and answer schemas.
    json::SchemaSet& schemas() noexcept { return schemas_; }
    /// Writes a member of `headers` that refers to the header field of this name; it is one of those every answer or many answers have.
    void refer_to_header(json::Writer& writer, std::string_view name);
    /// Writes the answer for these failures: a reference if it is a shared one.
    void write_failure(json::Writer& writer, int status, const Failures::mapped_type& kinds, bool counted);

    void write(json::Writer& writer);

private:
    void write_problem(json::Writer& writer, int status, const Failures::mapped_type& kinds, bool counted);
    void write_responses(json::Writer& writer);
    void write_headers(json::Writer& writer) const;
    void write_schemas(json::Writer& writer) const;

    const Source& source_;
    const Failures shared_;
    json::SchemaSet schemas_;
    std::set<int> used_responses_;
    std::set<std::string_view> used_headers_;
};

}  // namespace parley::http::openapi
