#include "access/guard.h"

#include <algorithm>
#include <iterator>

namespace meerkat::access {

namespace {

constexpr std::string_view kFileName = ".htpasswd";
// A deeper path may be made of folders that are not there: how far it goes is found by halving, or a stranger could have each of a
// thousand asked about.
constexpr std::ptrdiff_t kDepthWithoutLooking = 16;

std::string_view folderOf(std::string_view path) { return path.substr(0, path.rfind('/') + 1); }

// "/a/b/" -> "/a/"; the root is its own.
std::string_view above(std::string_view folder) {
    return folder.size() <= 1 ? folder : folderOf(folder.substr(0, folder.size() - 1));
}

bool isThere(const os::Root &root, std::string_view folder) {
    const os::OpenState state = root.lookBelow(folder.substr(1, folder.size() - 2)).state;
    return state != os::OpenState::NotFound && state != os::OpenState::Outside;
}

// The deepest folder on the way that is there.
std::string_view existing(const os::Root &root, std::string_view folder) {
    std::size_t thereEnd = 1, missingEnd = folder.size() + 1;
    while (true) {
        // A folder's end that lies between the two, near the middle.
        const std::size_t middle = thereEnd + (missingEnd - thereEnd) / 2;
        std::size_t end = folder.substr(0, std::min(middle, folder.size())).rfind('/') + 1;
        if (end <= thereEnd) {
            const std::size_t slash = folder.find('/', thereEnd);
            end = slash == std::string_view::npos ? folder.size() + 1 : slash + 1;
        }
        if (end >= missingEnd) return folder.substr(0, thereEnd);
        (isThere(root, folder.substr(0, end)) ? thereEnd : missingEnd) = end;
    }
}

}  // namespace

bool changesFiles(std::string_view method) {
    static constexpr std::string_view names[] = {"PUT",  "DELETE", "MKCOL", "COPY",     "MOVE",
                                                 "LOCK", "UNLOCK", "PATCH", "PROPPATCH"};
    return std::find(std::begin(names), std::end(names), method) != std::end(names);
}

void Guard::forget() {
    m_files.forget();
    m_lastPass = 0;
    m_lastFolder.clear();
}

GuardOutcome Guard::check(const os::Root *root, std::string_view method, std::string_view path, std::uint64_t pass) {
    if (changesFiles(method)) {
        if (!m_settings.davFile.empty()) return byNamedFile(m_settings.davFile);
        if (!m_settings.opensChanges) return {GuardState::Refused};
    }
    if (!m_settings.globalFile.empty()) return byNamedFile(m_settings.globalFile);
    if (!root || !path.starts_with('/')) return {GuardState::Open};
    const bool isSentOn = method == "GET" || method == "HEAD";
    if (isSentOn || path.ends_with('/')) return byFolder(*root, folderOf(path), pass);
    return byFolder(*root, std::string(path) + "/", pass);
}

bool Guard::admitsAlike(const os::Root &root, std::string_view visited, std::string_view other) const {
    if (!m_settings.globalFile.empty() || folderOf(visited) == folderOf(other)) return true;
    const Place there = find(root, folderOf(other));
    if (there.state != GuardState::Asked) return there.state == GuardState::Open;
    return there.file == find(root, folderOf(visited)).file;
}

GuardOutcome Guard::byNamedFile(const std::string &name) {
    auto file = os::File::openToRead(name);
    if (!file) return {os::isDescriptorLimit(file.failure().code) ? GuardState::NoDescriptors : GuardState::Unreadable};
    const auto info = file->info();
    if (!info) return {GuardState::Unreadable};
    const PasswordList *list = m_files.read(name, *info, m_settings.realm, [&] { return std::move(*file); });
    return list ? GuardOutcome{GuardState::Asked, list} : GuardOutcome{GuardState::Unreadable};
}

GuardOutcome Guard::byFolder(const os::Root &root, std::string_view folder, std::uint64_t pass) {
    if (pass != m_lastPass || &root != m_lastRoot || folder != m_lastFolder) {
        m_lastPlace = find(root, folder);
        m_lastFolder = folder;
        m_lastRoot = &root;
        m_lastPass = pass;
    }
    const Place &place = m_lastPlace;
    if (place.state != GuardState::Asked) return {place.state};
    // A name below the root cannot be one that the settings name: it does not begin with a '/'. Of several roots each has its own, told apart by the file's identity.
    auto state = os::OpenState::Opened;
    const std::string identity = std::to_string(place.info.volume) + "-" + std::to_string(place.info.id);
    const PasswordList *list = m_files.read("root:" + identity + ":" + place.file, place.info, m_settings.realm, [&] {
        auto opened = root.openBelow(place.file);
        state = opened.state;
        return std::move(opened.file);
    });
    if (list) return {GuardState::Asked, list};
    return {state == os::OpenState::NoDescriptors ? GuardState::NoDescriptors : GuardState::Unreadable};
}

Guard::Place Guard::find(const os::Root &root, std::string_view folder) {
    if (std::count(folder.begin(), folder.end(), '/') > kDepthWithoutLooking) folder = existing(root, folder);
    for (;; folder = above(folder)) {
        std::string file = std::string(folder.substr(1)).append(kFileName);
        if (!root.hasName(file)) {
            if (folder.size() <= 1) return {};
            continue;
        }
        const auto looked = root.lookBelow(file);
        switch (looked.state) {
        case os::OpenState::Opened:
            return {looked.info.kind == os::FileKind::Regular ? GuardState::Asked : GuardState::Unreadable, std::move(file),
                    looked.info};
        case os::OpenState::NoDescriptors:
            return {GuardState::NoDescriptors, {}, {}};
        // There is a password file, and be it a link that leads nowhere: it was meant to keep somebody out.
        case os::OpenState::NotFound:
        case os::OpenState::Outside:
        case os::OpenState::Refused:
        case os::OpenState::Failed:
            return {GuardState::Unreadable, {}, {}};
        }
    }
}

}  // namespace meerkat::access
