// Every test of a root is run on each way that this system has of resolving paths.
#pragma once

#include "os/file.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

namespace meerkat::os {

inline void addResolverRows() {
    QTest::addColumn<bool>("byKernel");
#if defined(Q_OS_LINUX)
    QTest::newRow("openat2") << true;
#endif
    QTest::newRow("without openat2") << false;
}

// The folder, opened the row's way; null if it could not be.
inline std::unique_ptr<Root> newRoot(const QString &path) {
    QFETCH(bool, byKernel);
    if (byKernel) {
        qunsetenv("MEERKAT_NO_OPENAT2");
    } else {
        qputenv("MEERKAT_NO_OPENAT2", "1");
    }
    auto root = Root::open(path.toStdString());
    return root ? std::move(*root) : nullptr;
}

inline QByteArray contentOf(const File &file) {
    std::array<char, 4096> bytes;
    const auto count = file.readAt(0, bytes);
    if (!count) return QByteArray::fromStdString("could not be read: " + count.failure().text);
    return QByteArray(bytes.data(), static_cast<qsizetype>(*count));
}

// The content below the root, or the state in words.
inline QByteArray contentBelow(const Root &root, std::string_view path) {
    static constexpr const char *kWords[] = {"opened", "not found", "outside", "refused", "no descriptors", "failed"};
    const OpenOutcome outcome = root.openBelow(path);
    if (outcome.state != OpenState::Opened) return kWords[static_cast<int>(outcome.state)];
    return outcome.info.kind == FileKind::Folder ? "a folder" : contentOf(outcome.file);
}

// lookBelow tells the same as openBelow, and leaves nothing open.
inline bool agreesWithLook(const Root &root, std::string_view path) {
    const OpenOutcome opened = root.openBelow(path);
    const OpenOutcome seen = root.lookBelow(path);
    return opened.state == seen.state && opened.info == seen.info && !seen.file.isOpen();
}

inline std::vector<std::string> namesIn(const Root &root, std::string_view path) {
    std::vector<std::string> names;
    const OpenOutcome folder = root.openBelow(path);
    const OpenState state = root.list(folder.file, path, [&](FolderEntry &&entry) {
        names.push_back(entry.name + (entry.info.kind == FileKind::Folder ? "/" : ""));
        return true;
    });
    std::sort(names.begin(), names.end());
    return state == OpenState::Opened ? names : std::vector<std::string>{"could not be read"};
}

}  // namespace meerkat::os
