#include "access/password_list.h"

#include "base/text.h"

#include <algorithm>

namespace meerkat::access {

namespace {

// In place; false if it is not hex.
bool lowerHex(char *begin, char *end) {
    std::transform(begin, end, begin, lowerAscii);
    return std::all_of(begin, end, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace

PasswordList::PasswordList(std::string text, std::string_view realm, std::optional<std::string_view> onlyUser)
    : m_text(std::move(text)) {
    char *const end = m_text.data() + m_text.size();
    for (char *line = m_text.data(); line != end;) {
        char *const lineEnd = std::find(line, end, '\n');
        addLine(line, lineEnd, realm, onlyUser);
        line = lineEnd == end ? end : lineEnd + 1;
    }
}

void PasswordList::addLine(char *begin, char *end, std::string_view realm, const std::optional<std::string_view> &onlyUser) {
    if (begin != end && end[-1] == '\r') --end;
    char *const userEnd = std::find(begin, end, ':');
    if (userEnd == begin || userEnd == end) return;
    char *const realmEnd = std::find(userEnd + 1, end, ':');
    if (realmEnd == end || std::string_view(userEnd + 1, realmEnd) != realm) return;
    char *const hash = realmEnd + 1;
    const auto digits = static_cast<std::size_t>(end - hash);
    const bool isMd5 = digits == hexLength(HashKind::Md5);
    if ((!isMd5 && digits != hexLength(HashKind::Sha256)) || !lowerHex(hash, end)) return;
    (isMd5 ? m_kinds.md5 : m_kinds.sha256) = true;
    const std::string_view user(begin, userEnd);
    if (onlyUser && user != *onlyUser) return;
    PasswordHashes &hashes = m_users[user];
    std::string_view &place = isMd5 ? hashes.md5 : hashes.sha256;
    if (place.empty()) place = std::string_view(hash, end);
}

const PasswordHashes *PasswordList::find(std::string_view user) const {
    const auto found = m_users.find(user);
    return found == m_users.end() ? nullptr : &found->second;
}

}  // namespace meerkat::access
