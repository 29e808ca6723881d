// Station: digests of joined texts, by OpenSSL. From password_file, digest and nonce_store.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace meerkat::access {

enum class HashKind : std::uint8_t { Md5, Sha256 };

// How many hex digits such a digest has.
constexpr std::size_t hexLength(HashKind kind) { return kind == HashKind::Md5 ? 32 : 64; }

// Lower-case hex digits of the digest of all texts together (RFC 1321, FIPS 180-4); empty if this OpenSSL does not offer it.
std::string hashHex(HashKind kind, std::span<const std::string_view> texts);
inline std::string hashHex(HashKind kind, std::initializer_list<std::string_view> texts) {
    return hashHex(kind, std::span(texts.begin(), texts.size()));
}
inline std::string md5Hex(std::initializer_list<std::string_view> texts) { return hashHex(HashKind::Md5, texts); }

// HMAC-SHA256 (RFC 2104), 32 bytes.
std::string macOf(std::string_view key, std::string_view text);

// That many bytes that nobody can guess.
std::string randomBytes(std::size_t count);

// Takes the same time wherever they differ. Texts of different length are not equal.
bool equalsInConstantTime(std::string_view a, std::string_view b);

}  // namespace meerkat::access
