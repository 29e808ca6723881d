// Station: session tickets (RFC 5077, RFC 8446 section 4.6.1). From net/tls_context, which is asked by OpenSSL for the keys. A server keeps no session:
// its tickets carry them, encrypted with keys that last half a day.
#pragma once

#include "base/clock.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace meerkat::net {

struct TicketKey {
    std::array<unsigned char, 16> name;
    std::array<unsigned char, 32> cipherKey;  // AES-256-CBC
    std::array<unsigned char, 32> macKey;     // HMAC-SHA-256
};

// Outlives every connection whose tickets it makes. Survives a change of certificate, so that clients can resume over it.
class TicketKeys {
  public:
    static constexpr std::int64_t kLifeSeconds = 12 * 60 * 60;

    explicit TicketKeys(const Clock &clock) : m_clock(clock) {}
    ~TicketKeys();
    TicketKeys(const TicketKeys &) = delete;
    TicketKeys &operator=(const TicketKeys &) = delete;

    // For new tickets; null if the system has no randomness for one.
    const TicketKey *current();
    // For a ticket that a client brought: the current key or the one before; null if neither has that name.
    const TicketKey *find(std::span<const unsigned char> name);
    bool isCurrent(const TicketKey &key) const { return m_current && &*m_current == &key; }

  private:
    void retire();

    const Clock &m_clock;
    std::optional<TicketKey> m_current;
    std::optional<TicketKey> m_previous;
    std::int64_t m_madeUs = 0;
};

}  // namespace meerkat::net
