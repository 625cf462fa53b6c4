// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.hpp"
#include "http/call.hpp"
#include "http/reply.hpp"

namespace parley::origin {

/// An error as Django REST framework and SimpleJWT answer it (api.md section 7). For http::Router::set_error_reply.
http::Reply error_reply(const http::Call& call, const Error& error);

/// Whether Django's CommonMiddleware would redirect this request: a GET or HEAD of a route, without the slash at the end.
bool lacks_slash(const http::Call& call);
/// 301 to the same address with the slash.
http::Reply slash_redirect(const http::Call& call);

}  // namespace parley::origin
