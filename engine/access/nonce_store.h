// Station: the nonces of challenges: made here, so that nobody else can make one, and each use of them counted. From authenticator. RFC 7616
// sections 3.3 and 5.4.
// What a nonce says is signed, and kept only once a right answer was given with it: who has no password cannot fill the memory.
#pragma once

#include "base/clock.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace meerkat::access {

class NonceStore {
  public:
    static constexpr std::int64_t kLifetimeUs = 10LL * 60 * 1'000'000;
    static constexpr std::size_t kMostKept = 16'384;
    // How far behind the highest count a later one may be: browsers send several requests at once.
    static constexpr std::uint32_t kWindow = 64;

    explicit NonceStore(const Clock &clock);

    std::string issue();
    // Made here, not too old, not forgotten.
    bool isCurrent(std::string_view nonce) const;
    // For a right answer of the user: counts it. False: not current, or that count was used before, or is too far behind to tell.
    bool use(std::string_view nonce, std::uint32_t count, std::string_view user);
    // A right answer of that user was given with it before.
    bool wasUsedBy(std::string_view nonce, std::string_view user) const;
    std::size_t kept() const { return m_uses.size(); }

  private:
    struct Nonce {
        std::int64_t issuedUs;
        std::uint64_t serial;
    };
    struct Uses {
        std::int64_t issuedUs = 0;
        std::uint32_t highest = 0;
        std::uint64_t seen = 0;  // bit n: highest - n
        std::size_t user = 0;    // a hash of the name
    };

    std::string sign(std::string_view body) const;
    std::optional<Nonce> read(std::string_view text) const;
    bool isOld(std::int64_t issuedUs) const;
    void makeRoom();
    static bool count(Uses &uses, std::uint32_t number);

    const Clock &m_clock;
    std::string m_secret;
    std::uint64_t m_lastSerial = 0;
    std::uint64_t m_forgotten = 0;         // up to this serial only what is in m_uses counts
    std::map<std::uint64_t, Uses> m_uses;  // in order of issue
};

}  // namespace meerkat::access
