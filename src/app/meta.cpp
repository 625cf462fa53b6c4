// SPDX-License-Identifier: Apache-2.0
#include "app/meta.hpp"

#include "users/store.hpp"

namespace parley::app {
namespace {

std::string value_of(storage::Transaction& tx, std::string_view name, std::string fresh) {
    tx.run("INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING", name, fresh);
    return tx.row<std::string>("SELECT value FROM meta WHERE name = $1", name).value();
}

void fold_names_anew(storage::Transaction& tx, const users::NameFolder& names) {
    const auto version = users::NameFolder::version();
    const auto stored = value_of(tx, "name_folding", version);
    if (stored == version) return;
    users::refold_keys(tx, names);
    tx.run("UPDATE meta SET value = $1 WHERE name = 'name_folding'", version);
}

}  // namespace

Meta load_meta(storage::Database& db, Random& random, const users::NameFolder& names) {
    auto loaded = db.write_now([&](storage::Transaction& tx) -> Result<Meta> {
        fold_names_anew(tx, names);
        return Meta{value_of(tx, "epoch", random.name()), value_of(tx, "cursor_secret", random.token()),
                    value_of(tx, "fingerprint_secret", random.token())};
    });
    if (!loaded) throw storage::DatabaseError{std::string{loaded.error().detail()}};
    return *std::move(loaded);
}

}  // namespace parley::app
