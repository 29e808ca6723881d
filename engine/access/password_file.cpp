#include "access/password_file.h"

#include "access/hash.h"
#include "os/edit_file.h"

#include <algorithm>
#include <utility>

namespace meerkat::access {

namespace {

bool isFieldOfALine(std::string_view text) {
    const auto breaksLine = [](char c) { return c == ':' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    return !text.empty() && std::none_of(text.begin(), text.end(), breaksLine);
}

// A line with its end, whatever that is.
std::string_view firstLine(std::string_view text) {
    const std::size_t end = text.find('\n');
    return end == std::string_view::npos ? text : text.substr(0, end + 1);
}

// What a line's hash is behind `user:realm:`. One that is no hash at all counts as MD5.
HashKind kindOf(std::string_view hash) {
    while (!hash.empty() && (hash.back() == '\n' || hash.back() == '\r')) hash.remove_suffix(1);
    return hash.size() == hexLength(HashKind::Sha256) ? HashKind::Sha256 : HashKind::Md5;
}

}  // namespace

std::optional<std::string> withPassword(const std::string &text, std::string_view realm, std::string_view user,
                                        std::optional<std::string_view> password) {
    const std::string key = std::string(user) + ":" + std::string(realm) + ":";
    const auto fresh = [&](HashKind kind) { return password ? key + hashHex(kind, {key, *password}) + "\n" : std::string{}; };
    std::string changed;
    bool wasFound = false;
    bool isWritten[2] = {};  // by kind
    for (std::string_view rest = text; !rest.empty();) {
        const std::string_view line = firstLine(rest);
        rest.remove_prefix(line.size());
        if (!line.starts_with(key)) {
            changed.append(line);
            continue;
        }
        const HashKind kind = kindOf(line.substr(key.size()));
        if (!std::exchange(isWritten[static_cast<int>(kind)], true)) changed.append(fresh(kind));
        wasFound = true;
    }
    if (wasFound) return changed;
    if (!password) return std::nullopt;
    if (!changed.empty() && changed.back() != '\n') changed.push_back('\n');
    return changed + fresh(HashKind::Md5);
}

Result<bool> changePassword(std::string_view path, std::string_view realm, std::string_view user,
                            std::optional<std::string_view> password) {
    if (!isFieldOfALine(user)) return Failure{"A user's name can't be empty or hold a colon or a line break"};
    if (!isFieldOfALine(realm)) return Failure{"A realm can't be empty or hold a colon or a line break"};
    return os::editFile(path, [&](const std::string &text) { return withPassword(text, realm, user, password); });
}

}  // namespace meerkat::access
