// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ids.hpp"
#include "core/json/fields.hpp"
#include "core/time.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace parley::files {

enum class FileState : std::uint8_t { uploading, scanning, ready, quarantined, expired, deleted };
constexpr auto names_of(FileState) { return std::array<std::string_view, 6>{"uploading", "scanning", "ready", "quarantined", "expired", "deleted"}; }

/// A file as it is stored.
struct FileRow {
    FileId id;
    UserId uploader;
    std::string name;
    std::string media_type;
    std::int64_t size = 0;
    std::string sha256;
    FileState state = FileState::uploading;
    std::optional<std::string> blob;
    Timestamp created_at;
    std::optional<Timestamp> expires_at;

    /// A file is expired from the moment on, not from when the job gets to it.
    FileState state_at(Timestamp now) const noexcept {
        return state == FileState::ready && expires_at && *expires_at <= now ? FileState::expired : state;
    }
};

struct ImageSize {
    std::int64_t width = 0;
    std::int64_t height = 0;

    static constexpr std::string_view schema_name = "ImageSize";
    static constexpr auto fields =
        std::tuple{json::Field{"width", &ImageSize::width, "Pixels."}, json::Field{"height", &ImageSize::height, "Pixels."}};
};

struct Thumbnail {
    std::int64_t width = 0;
    std::int64_t height = 0;
    std::string url;

    static constexpr std::string_view schema_name = "Thumbnail";
    static constexpr auto fields =
        std::tuple{json::Field{"width", &Thumbnail::width, "Pixels."}, json::Field{"height", &Thumbnail::height, "Pixels."},
                   json::Field{"url", &Thumbnail::url, "Relative to this server."}};
};

struct File {
    FileId id;
    std::string name;
    std::int64_t size = 0;
    std::string media_type;
    std::string sha256;
    FileState state = FileState::ready;
    UserId uploader_id;
    Timestamp created_at;
    std::optional<Timestamp> expires_at;
    std::string content_url;
    std::optional<ImageSize> image;
    std::vector<Thumbnail> thumbnails;

    static constexpr std::string_view schema_name = "File";
    static constexpr auto fields = std::tuple{json::Field{"id", &File::id, "The file."},
                                              json::Field{"name", &File::name, "The name it is shown and downloaded under."},
                                              json::Field{"size", &File::size, "Bytes."},
                                              json::Field{"media_type", &File::media_type, "What its content is, as far as the server can tell."},
                                              json::Field{"sha256", &File::sha256, "The SHA-256 of the content, lower-case hex."},
                                              json::Field{"state", &File::state, "Only a ready file has content to download."},
                                              json::Field{"uploader_id", &File::uploader_id, "Who uploaded it."},
                                              json::Field{"created_at", &File::created_at, "When."},
                                              json::Field{"expires_at", &File::expires_at, "When it is removed; null: never."},
                                              json::Field{"content_url", &File::content_url, "Where the content is, relative to this server."},
                                              json::Field{"image", &File::image, "The size of a picture."},
                                              json::Field{"thumbnails", &File::thumbnails, "Smaller pictures of it."}};
};

File to_file(const FileRow& row, Timestamp now);

struct FileChange {
    std::optional<std::string> name;
    json::Nullable<Timestamp> expires_at;

    static constexpr std::string_view schema_name = "FileChange";
    static constexpr auto fields =
        std::tuple{json::Field{"name", &FileChange::name, "The name it is shown and downloaded under."},
                   json::Field{"expires_at", &FileChange::expires_at, "When it is removed; null to keep it, where the operator allows that."}};
};

struct FileList {
    std::vector<File> items;
    std::optional<std::string> next_cursor;
    std::int64_t used_bytes = 0;
    std::int64_t quota_bytes = 0;

    static constexpr std::string_view schema_name = "FileList";
    static constexpr auto fields =
        std::tuple{json::Field{"items", &FileList::items, "The newest first."},
                   json::Field{"next_cursor", &FileList::next_cursor, "The cursor of the next page; null on the last one."},
                   json::Field{"used_bytes", &FileList::used_bytes, "What all of one's files take."},
                   json::Field{"quota_bytes", &FileList::quota_bytes, "What they may take."}};
};

/// A message that carries a file.
struct FileUse {
    ConversationId conversation;
    Seq message_seq = 0;
};

}  // namespace parley::files
