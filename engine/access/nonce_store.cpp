#include "access/nonce_store.h"

#include "access/hash.h"
#include "base/encodings.h"

#include <charconv>
#include <functional>

namespace meerkat::access {

namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kMacBytes = 16;
constexpr std::size_t kNumberDigits = 16;
constexpr std::size_t kBodyDigits = 2 * kNumberDigits;

void appendNumber(std::string &text, std::uint64_t number) {
    std::string bytes;
    for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(number >> shift & 0xff));
    text.append(hexLower(bytes));
}

std::uint64_t numberFrom(std::string_view digits) {
    std::uint64_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
    return number;
}

}  // namespace

NonceStore::NonceStore(const Clock &clock) : m_clock(clock), m_secret(randomBytes(kSecretBytes)) {}

std::string NonceStore::sign(std::string_view body) const { return hexLower(macOf(m_secret, body).substr(0, kMacBytes)); }

std::string NonceStore::issue() {
    std::string body;
    appendNumber(body, static_cast<std::uint64_t>(m_clock.monotonicUs()));
    appendNumber(body, ++m_lastSerial);
    return body + sign(body);
}

// The signature first: what is not ours is not looked into.
std::optional<NonceStore::Nonce> NonceStore::read(std::string_view text) const {
    if (text.size() != kBodyDigits + 2 * kMacBytes) return std::nullopt;
    const std::string_view body = text.substr(0, kBodyDigits);
    if (!equalsInConstantTime(text.substr(kBodyDigits), sign(body))) return std::nullopt;
    return Nonce{static_cast<std::int64_t>(numberFrom(body.substr(0, kNumberDigits))), numberFrom(body.substr(kNumberDigits))};
}

bool NonceStore::isOld(std::int64_t issuedUs) const { return m_clock.monotonicUs() - issuedUs > kLifetimeUs; }

bool NonceStore::isCurrent(std::string_view nonce) const {
    const auto ours = read(nonce);
    return ours && !isOld(ours->issuedUs) && (ours->serial > m_forgotten || m_uses.count(ours->serial) > 0);
}

bool NonceStore::use(std::string_view nonce, std::uint32_t number, std::string_view user) {
    if (number == 0 || !isCurrent(nonce)) return false;
    const Nonce ours = *read(nonce);
    auto found = m_uses.find(ours.serial);
    if (found == m_uses.end()) {
        makeRoom();
        // It may be the oldest itself.
        if (ours.serial <= m_forgotten) return false;
        found = m_uses.emplace(ours.serial, Uses{ours.issuedUs, 0, 0, std::hash<std::string_view>{}(user)}).first;
    }
    return count(found->second, number);
}

bool NonceStore::wasUsedBy(std::string_view nonce, std::string_view user) const {
    const auto ours = read(nonce);
    if (!ours || isOld(ours->issuedUs)) return false;
    const auto found = m_uses.find(ours->serial);
    return found != m_uses.end() && found->second.user == std::hash<std::string_view>{}(user);
}

void NonceStore::makeRoom() {
    while (!m_uses.empty() && (m_uses.size() >= kMostKept || isOld(m_uses.begin()->second.issuedUs))) {
        m_forgotten = m_uses.begin()->first;
        m_uses.erase(m_uses.begin());
    }
}

bool NonceStore::count(Uses &uses, std::uint32_t number) {
    if (number > uses.highest) {
        const std::uint32_t step = number - uses.highest;
        uses.seen = step >= kWindow ? 1 : uses.seen << step | 1;
        uses.highest = number;
        return true;
    }
    const std::uint32_t behind = uses.highest - number;
    if (behind >= kWindow || (uses.seen >> behind & 1)) return false;
    uses.seen |= std::uint64_t{1} << behind;
    return true;
}

}  // namespace meerkat::access
