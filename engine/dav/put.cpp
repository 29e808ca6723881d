#include "dav/put.h"

#include "http/conditions.h"

namespace meerkat::dav {

namespace {

// Of the folder that the file is to stand in.
int statusOf(os::OpenState state) {
    switch (state) {
    case os::OpenState::Opened:
        return 0;
    case os::OpenState::NotFound:
        return 409;
    case os::OpenState::Outside:
        return 404;
    case os::OpenState::Refused:
        return 403;
    case os::OpenState::NoDescriptors:
        return 503;
    case os::OpenState::Failed:
        return 500;
    }
    return 500;
}

bool holds(const http::RequestHead &head, const os::OpenOutcome &old, std::int64_t nowSeconds) {
    if (!head.hasConditions) return true;
    const bool exists = old.state == os::OpenState::Opened;
    const std::string etag = exists ? http::etagOf(old.info) : std::string();
    const http::Validators validators{etag, old.info.modifiedNs / 1'000'000'000, exists};
    return http::evaluateConditions(head, validators, nowSeconds).result == http::ConditionResult::Proceed;
}

}  // namespace

int statusOf(os::WriteState state) {
    switch (state) {
    case os::WriteState::Done:
        return 0;
    case os::WriteState::Exists:
        return 409;
    case os::WriteState::Busy:
        return 423;
    case os::WriteState::Impossible:
        return 405;
    case os::WriteState::Refused:
        return 403;
    case os::WriteState::NoRoom:
        return 507;
    case os::WriteState::NoDescriptors:
        return 503;
    case os::WriteState::Failed:
        return 500;
    }
    return 500;
}

int folderStatus(const os::OpenOutcome &folder) {
    const bool isOther = folder.state == os::OpenState::Opened && folder.info.kind != os::FileKind::Folder;
    return isOther ? 409 : statusOf(folder.state);
}

bool wantsNewOnly(const http::RequestHead &head) { return head.hasConditions && head.find("If-None-Match") == "*"; }

int placeStatus(const os::Root &root, std::string_view relative, const os::OpenOutcome &old, os::Replacing replacing,
                const http::RequestHead &head, std::int64_t nowSeconds) {
    if (!holds(head, old, nowSeconds)) return 412;
    return replacing == os::Replacing::No && root.hasName(relative) ? 409 : 0;
}

// A disk of no size is one that does not tell.
bool lacksRoom(const os::File &folder, std::uint64_t bytes) {
    const auto room = os::roomOf(folder);
    return room && (room->freeBytes > 0 || room->usedBytes > 0) && bytes > room->freeBytes;
}

std::unique_ptr<Put> Put::begin(const os::Root &root, const Asked &asked, const http::RequestHead &head, std::int64_t nowSeconds,
                                int &status) {
    const std::size_t slash = asked.relative.rfind('/');
    const std::string_view name = slash == std::string_view::npos ? asked.relative : asked.relative.substr(slash + 1);
    status = name.empty() ? 405 : 0;
    if (status != 0) return nullptr;
    auto folder = root.openBelow(asked.relative.substr(0, asked.relative.size() - name.size()));
    status = folderStatus(folder);
    if (status != 0) return nullptr;
    const auto old = root.lookBelow(asked.relative);
    status = placeStatus(root, asked.relative, old, asked.replacing, head, nowSeconds);
    if (status == 0 && lacksRoom(folder.file, asked.bytes)) status = 507;
    if (status != 0) return nullptr;
    const bool isNew = old.state == os::OpenState::NotFound;
    os::WriteState state = os::WriteState::Done;
    auto file = os::NewFile::create(std::move(folder.file), name, state);
    status = statusOf(state);
    if (!file) return nullptr;
    const bool isForNew = wantsNewOnly(head);
    const auto replacing = isForNew ? os::Replacing::No : asked.replacing;
    return std::unique_ptr<Put>(new Put(std::move(file), isNew, replacing, isForNew ? 412 : 409));
}

int Put::take(std::string_view bytes) { return statusOf(m_file->append(bytes)); }

int Put::finish() {
    const auto state = m_file->finish(m_replacing);
    if (state == os::WriteState::Exists) return m_takenStatus;
    if (state != os::WriteState::Done) return statusOf(state);
    return m_isNew ? 201 : 204;
}

}  // namespace meerkat::dav
