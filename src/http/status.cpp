// SPDX-License-Identifier: Apache-2.0
#include "http/status.hpp"

namespace parley::http {

int status_of(ErrorClass error_class) noexcept {
    switch (error_class) {
        case ErrorClass::malformed: return 400;
        case ErrorClass::unauthenticated: return 401;
        case ErrorClass::forbidden: return 403;
        case ErrorClass::not_found: return 404;
        case ErrorClass::method_not_allowed: return 405;
        case ErrorClass::not_acceptable: return 406;
        case ErrorClass::timeout: return 408;
        case ErrorClass::conflict: return 409;
        case ErrorClass::gone: return 410;
        case ErrorClass::length_required: return 411;
        case ErrorClass::precondition: return 412;
        case ErrorClass::too_large: return 413;
        case ErrorClass::uri_too_long: return 414;
        case ErrorClass::unsupported_type: return 415;
        case ErrorClass::range: return 416;
        case ErrorClass::expectation: return 417;
        case ErrorClass::misdirected: return 421;
        case ErrorClass::unprocessable: return 422;
        case ErrorClass::upgrade_required: return 426;
        case ErrorClass::too_many: return 429;
        case ErrorClass::headers_too_large: return 431;
        case ErrorClass::internal: return 500;
        case ErrorClass::not_implemented: return 501;
        case ErrorClass::unavailable: return 503;
        case ErrorClass::storage_full: return 507;
    }
    return 500;
}

std::string_view reason_of(int status) noexcept {
    switch (status) {
        case 100: return "Continue";
        case 101: return "Switching Protocols";
        case 200: return "OK";
        case 201: return "Created";
        case 204: return "No Content";
        case 206: return "Partial Content";
        case 301: return "Moved Permanently";
        case 302: return "Found";
        case 304: return "Not Modified";
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 406: return "Not Acceptable";
        case 408: return "Request Timeout";
        case 409: return "Conflict";
        case 410: return "Gone";
        case 411: return "Length Required";
        case 412: return "Precondition Failed";
        case 413: return "Content Too Large";
        case 414: return "URI Too Long";
        case 415: return "Unsupported Media Type";
        case 416: return "Range Not Satisfiable";
        case 417: return "Expectation Failed";
        case 421: return "Misdirected Request";
        case 422: return "Unprocessable Content";
        case 426: return "Upgrade Required";
        case 429: return "Too Many Requests";
        case 431: return "Request Header Fields Too Large";
        case 500: return "Internal Server Error";
        case 501: return "Not Implemented";
        case 503: return "Service Unavailable";
        case 507: return "Insufficient Storage";
        default: return "Unknown";
    }
}

}  // namespace parley::http
