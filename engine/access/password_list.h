// Station: a password file's text -> who may come in. From password_files and mg_authorize_digest, to authenticator.
#pragma once

#include "access/digest.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace meerkat::access {

// A user's lines: hex digests of user:realm:password in lower case, empty where there is no such line.
struct PasswordHashes {
    std::string_view md5;
    std::string_view sha256;
    std::string_view of(HashKind kind) const { return kind == HashKind::Md5 ? md5 : sha256; }
};

// Does not move: what it knows points into its text.
class PasswordList {
  public:
    // Lines `user:realm:hash` of that realm count; 32 hex digits are MD5, 64 are SHA-256. Of several for one user and kind the first counts. Every
    // other line is passed over. With `onlyUser` nobody else is remembered: for a list that is asked once.
    PasswordList(std::string text, std::string_view realm, std::optional<std::string_view> onlyUser = std::nullopt);
    PasswordList(const PasswordList &) = delete;
    PasswordList &operator=(const PasswordList &) = delete;

    // Null if there is no line for the user.
    const PasswordHashes *find(std::string_view user) const;
    // Which kinds anybody's lines have.
    HashKinds kinds() const { return m_kinds; }
    const std::string &text() const { return m_text; }

  private:
    void addLine(char *begin, char *end, std::string_view realm, const std::optional<std::string_view> &onlyUser);

    std::string m_text;
    HashKinds m_kinds;
    std::unordered_map<std::string_view, PasswordHashes> m_users;
};

}  // namespace meerkat::access
