// Station: `.htpasswd` files: `user:realm:hash`, a line each; the hash is MD5 or SHA-256 of `user:realm:password`.
// From mg_modify_passwords_file, to os/edit_file.
#pragma once

#include "base/result.h"

#include <optional>
#include <string>
#include <string_view>

namespace meerkat::access {

// The text with the user's line of that realm added, replaced (in its place) or, without a password, taken out. Every other line stays as it
// is, byte for byte. A line keeps its kind of hash; a new one is MD5, which every client can answer. Nothing if there is nothing to do:
// the line to take out is not there.
std::optional<std::string> withPassword(const std::string &text, std::string_view realm, std::string_view user,
                                        std::optional<std::string_view> password);

// The same in a file, which is made with the first user. False: there was no such user to take out. Fails with a sentence: a user or realm that is
// empty or holds ':' or a control character, or the system's reason.
Result<bool> changePassword(std::string_view path, std::string_view realm, std::string_view user,
                            std::optional<std::string_view> password);

}  // namespace meerkat::access
