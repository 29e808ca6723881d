// Station: what is remembered, to the text of its file and back. From profile_store. Pure: knows no file.
#pragma once

#include "app/profile_store.h"

#include <QByteArray>
#include <QStringList>

#include <optional>

namespace meerkat::app {

QByteArray fileTextOf(const StoredState &state);

struct ReadState {
    int version = 0;
    StoredState state;  // empty for a newer version
    // A phrase for each value that could not be used and was left at its default: "the port of site (99999)". What is missing,
    // and fields that are not known, are none.
    QStringList unusable;
};
// Nothing if the bytes are no such file.
std::optional<ReadState> readFileText(const QByteArray &bytes);

constexpr int kStateVersion = 1;
constexpr int kMostRecentFolders = 10;

}  // namespace meerkat::app
