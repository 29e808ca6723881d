#include "dav/put.h"

#include "http/conditions.h"

namespace meerkat::dav {

namespace {

int statusOf(os::WriteState state) {
    switch (state) {
    case os::WriteState::Done:
        return 0;
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

std::unique_ptr<Put> Put::begin(const os::Root &root, std::string_view relative, const http::RequestHead &head,
                                std::int64_t nowSeconds, int &status) {
    const std::size_t slash = relative.rfind('/');
    const std::string_view name = slash == std::string_view::npos ? relative : relative.substr(slash + 1);
    // A part of a file that this server would take for the whole of it (RFC 9110 section 14.4).
    status = head.find("Content-Range") ? 400 : name.empty() ? 405 : 0;
    if (status != 0) return nullptr;
    auto folder = root.openBelow(relative.substr(0, relative.size() - name.size()));
    const bool isFolder = folder.state == os::OpenState::Opened && folder.info.kind == os::FileKind::Folder;
    status = isFolder ? 0 : folder.state == os::OpenState::Opened ? 409 : statusOf(folder.state);
    if (status != 0) return nullptr;
    const auto old = root.lookBelow(relative);
    if (!holds(head, old, nowSeconds)) {
        status = 412;
        return nullptr;
    }
    os::WriteState state = os::WriteState::Done;
    auto file = os::NewFile::create(std::move(folder.file), name, state);
    status = statusOf(state);
    if (!file) return nullptr;
    return std::unique_ptr<Put>(new Put(std::move(file), old.state == os::OpenState::NotFound));
}

int Put::take(std::string_view bytes) { return statusOf(m_file->append(bytes)); }

// The answer destroys this object.
void Put::finish(http::HttpProtocol &http) {
    const int status = statusOf(m_file->finish());
    if (status != 0) return http.refuse(status);
    http.sendWhole(m_isNew ? 201 : 204, {}, {});
}

}  // namespace meerkat::dav
