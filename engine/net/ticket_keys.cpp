#include "net/ticket_keys.h"

#include <algorithm>
#include <openssl/crypto.h>
#include <openssl/rand.h>

namespace meerkat::net {

namespace {

constexpr std::int64_t kLifeUs = TicketKeys::kLifeSeconds * 1'000'000;

void forget(std::optional<TicketKey> &key) {
    if (key) OPENSSL_cleanse(&*key, sizeof *key);
    key.reset();
}

bool fill(TicketKey &key) {
    return RAND_bytes(key.name.data(), static_cast<int>(key.name.size())) == 1 &&
           RAND_priv_bytes(key.cipherKey.data(), static_cast<int>(key.cipherKey.size())) == 1 &&
           RAND_priv_bytes(key.macKey.data(), static_cast<int>(key.macKey.size())) == 1;
}

}  // namespace

TicketKeys::~TicketKeys() {
    forget(m_current);
    forget(m_previous);
}

// Keys are looked at when one is needed, so a server that slept for days may have to drop both.
void TicketKeys::retire() {
    const std::int64_t age = m_clock.monotonicUs() - m_madeUs;
    if (!m_current || age < kLifeUs) return;
    if (age < 2 * kLifeUs) {
        m_previous = m_current;
        // It is the previous one for as long as it was the current one.
        m_madeUs += kLifeUs;
    } else {
        forget(m_previous);
    }
    forget(m_current);
}

const TicketKey *TicketKeys::current() {
    retire();
    if (m_current) return &*m_current;
    TicketKey key;
    if (!fill(key)) return nullptr;
    const std::int64_t now = m_clock.monotonicUs();
    if (!m_previous || now - m_madeUs >= kLifeUs) {
        forget(m_previous);
        m_madeUs = now;
    }
    m_current = key;
    OPENSSL_cleanse(&key, sizeof key);
    return &*m_current;
}

const TicketKey *TicketKeys::find(std::span<const unsigned char> name) {
    retire();
    // A previous key whose successor nobody asked for yet ages all the same.
    if (!m_current && m_previous && m_clock.monotonicUs() - m_madeUs >= kLifeUs) forget(m_previous);
    for (const auto *key : {&m_current, &m_previous})
        if (*key && std::equal(name.begin(), name.end(), (*key)->name.begin(), (*key)->name.end())) return &**key;
    return nullptr;
}

}  // namespace meerkat::net
