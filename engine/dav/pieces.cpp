#include "dav/pieces.h"

#include "access/hash.h"
#include "dav/put.h"

#include <algorithm>

namespace meerkat::dav {

namespace {

// So long a client that has not heard that all of it came can ask.
constexpr std::int64_t kRememberedSeconds = 600;
constexpr std::int64_t kExpirySeconds = 60;
constexpr std::size_t kKeyDigits = 40;

bool isIdLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

std::string_view folderOf(std::string_view key) { return key.substr(0, key.rfind('/')); }
std::string_view nameOf(std::string_view key) { return key.substr(key.rfind('/') + 1); }

}  // namespace

bool isUploadId(std::string_view id) {
    constexpr std::size_t kShortest = 8, kLongest = 64;
    return id.size() >= kShortest && id.size() <= kLongest && std::all_of(id.begin(), id.end(), isIdLetter);
}

// An address changes when a telephone leaves the house: with an id of its own an upload goes on from anywhere. Nobody goes on with another user's.
std::string hiddenNameOf(const PieceOwner &owner) {
    const std::string_view end("\0", 1);
    const std::string total = std::to_string(owner.total);
    const std::string digest =
        owner.id.empty()
            ? access::hashHex(access::HashKind::Sha256, {"by place", end, owner.user, end,
                                                         owner.user.empty() ? owner.address : "", end, owner.path, end, total})
            : access::hashHex(access::HashKind::Sha256, {"by id", end, owner.user, end, owner.id, end, owner.path});
    return os::pieceName(digest.substr(0, kKeyDigits));
}

// ---- one piece ----

Piece::Piece(Pieces &owner, std::string key, std::unique_ptr<os::NewFile> file, const http::ContentRange &range)
    : m_owner(&owner), m_key(std::move(key)), m_file(std::move(file)), m_left(range.size()), m_total(range.total) {}

Piece::~Piece() {
    if (m_owner) m_owner->noteEnd(*this, 0);
}

// The file is closed now, so that another can open it.
void Piece::dismiss() {
    m_owner = nullptr;
    m_file.reset();
}

bool Piece::isWhole() const { return m_file && m_file->size() == m_total; }
std::uint64_t Piece::offset() const { return m_file ? m_file->size() : 0; }

int Piece::take(std::string_view bytes) {
    if (!m_file) return 409;
    if (bytes.size() > m_left) return 400;
    const int status = statusOf(m_file->append(bytes));
    if (status == 0) m_left -= bytes.size();
    if (status == 507) m_file->discard();
    return status;
}

int Piece::finish(os::Replacing replacing, int takenStatus, bool isNew) {
    if (!m_file) return 409;
    const auto state = m_file->finish(replacing);
    if (state != os::WriteState::Done) {
        m_file->discard();
        return state == os::WriteState::Exists ? takenStatus : statusOf(state);
    }
    const int status = isNew ? 201 : 204;
    if (m_owner) m_owner->noteEnd(*this, status);
    m_owner = nullptr;
    return status;
}

// ---- all of them ----

std::uint64_t Pieces::offset(const PiecePlace &place) const {
    const auto found = m_known.find(place.key());
    // What is being written may not be told by the folder yet.
    if (found != m_known.end() && found->second.writer) return found->second.writer->offset();
    const auto entry = os::entryIn(place.folder, place.hidden);
    return entry.kind == os::EntryKind::File ? entry.info.size : 0;
}

int Pieces::finishedStatus(const PiecePlace &place, std::uint64_t total) const {
    const auto found = m_known.find(place.key());
    return found != m_known.end() && found->second.total == total ? found->second.finished : 0;
}

std::unique_ptr<Piece> Pieces::begin(const os::Root &root, PiecePlace place, const http::ContentRange &range, int &status) {
    const std::string key = place.key();
    auto found = m_known.find(key);
    // Under one name came two files: the first is not what is wanted any more.
    if (found != m_known.end() && found->second.total != 0 && found->second.total != range.total) giveUp(place);
    status = range.first == offset(place) ? 0 : 409;
    if (status == 0 && lacksRoom(place.folder, range.total - range.first)) status = 507;
    if (status != 0) return nullptr;
    found = m_known.find(key);
    if (found == m_known.end() && !makeRoom(root)) {
        status = 503;
        return nullptr;
    }
    Known &known = found == m_known.end() ? m_known[key] : found->second;
    if (known.writer) known.writer->dismiss();
    known = {range.total, m_clock.wallSeconds(), 0, nullptr};
    os::WriteState state = os::WriteState::Done;
    auto file = os::NewFile::resume(std::move(place.folder), place.name, place.hidden, state);
    status = statusOf(state);
    if (!file) return nullptr;
    if (file->size() != range.first) {
        status = 409;
        return nullptr;
    }
    std::unique_ptr<Piece> piece(new Piece(*this, key, std::move(file), range));
    known.writer = piece.get();
    return piece;
}

void Pieces::giveUp(const PiecePlace &place) {
    const auto found = m_known.find(place.key());
    if (found != m_known.end()) {
        if (found->second.writer) found->second.writer->dismiss();
        m_known.erase(found);
    }
    (void)os::removeFileIn(place.folder, place.hidden);
}

void Pieces::adopt(const std::string &folderPath, const std::string &hidden) {
    if (m_known.size() < kMostPieces) m_known.try_emplace(folderPath + "/" + hidden, Known{0, m_clock.wallSeconds(), 0, nullptr});
}

void Pieces::noteEnd(const Piece &piece, int status) {
    const auto found = m_known.find(piece.m_key);
    if (found == m_known.end()) return;
    found->second.writer = nullptr;
    found->second.finished = status;
    found->second.usedSeconds = m_clock.wallSeconds();
}

// False: all of them are under way.
bool Pieces::makeRoom(const os::Root &root) {
    if (m_known.size() < kMostPieces) return true;
    auto oldest = m_known.end();
    for (auto one = m_known.begin(); one != m_known.end(); ++one)
        if (!one->second.writer && (oldest == m_known.end() || one->second.usedSeconds < oldest->second.usedSeconds))
            oldest = one;
    if (oldest == m_known.end()) return false;
    remove(root, oldest->first);
    m_known.erase(oldest);
    return true;
}

void Pieces::remove(const os::Root &root, const std::string &key) {
    const std::string_view folderPath = folderOf(key);
    const auto folder = root.openBelow(folderPath.empty() ? folderPath : folderPath.substr(1));
    if (folder.state == os::OpenState::Opened) (void)os::removeFileIn(folder.file, nameOf(key));
}

void Pieces::expire(const os::Root &root) {
    const std::int64_t now = m_clock.wallSeconds();
    if (now - m_expiredSeconds < kExpirySeconds) return;
    m_expiredSeconds = now;
    std::erase_if(m_known, [&](const Table::value_type &one) {
        const Known &known = one.second;
        const std::int64_t rested = now - known.usedSeconds;
        if (known.writer || rested < (known.finished != 0 ? kRememberedSeconds : os::kPieceSeconds)) return false;
        if (known.finished == 0) remove(root, one.first);
        return true;
    });
}

void Pieces::forget() {
    for (auto &[key, known] : m_known)
        if (known.writer) known.writer->m_owner = nullptr;
    m_known.clear();
}

}  // namespace meerkat::dav
