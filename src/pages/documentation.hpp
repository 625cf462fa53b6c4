// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/embedded.hpp"
#include "http/route.hpp"
#include "pages/asset.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace parley::embedded {
/// The files of Swagger UI, of ReDoc and of src/pages/assets, each that compresses well also as NAME.gz.
std::span<const EmbeddedFile> documentation();
}  // namespace parley::embedded

namespace parley::pages {

/// What describes the server to those who write clients for it: `/openapi.json`, `/asyncapi.json`, Swagger UI at `/swagger/` and ReDoc at `/redoc/`.
/// All of it comes from the program itself; no other host is asked. Outlives the server.
class Documentation {
public:
    /// Takes the two documents as JSON.
    Documentation(std::string openapi, std::string asyncapi);
    Documentation(const Documentation&) = delete;
    Documentation& operator=(const Documentation&) = delete;

    http::Routes routes();

    /// The file of this name that belongs to the pages; nullptr if there is none. Names with a hash never change what they mean and may be kept for
    /// a year; licence texts stand under their own names.
    const Asset* find(std::string_view name) const;
    const Asset& openapi() const noexcept { return openapi_; }
    const Asset& asyncapi() const noexcept { return asyncapi_; }
    const Asset& swagger() const noexcept { return swagger_; }
    const Asset& redoc() const noexcept { return redoc_; }

private:
    void add_files();
    std::string fill_in(std::string_view page) const;

    std::map<std::string, Asset, std::less<>> files_;
    std::map<std::string, std::string, std::less<>> hashed_names_;  // by the name of the file
    const std::string openapi_text_, openapi_gzipped_, asyncapi_text_, asyncapi_gzipped_;
    const Asset openapi_, asyncapi_;
    std::string swagger_text_, redoc_text_;
    Asset swagger_, redoc_;
};

}  // namespace parley::pages
