#include "access/address_list.h"

#include "base/text.h"

#include <algorithm>
#include <string>

namespace meerkat::access {

namespace {

constexpr int kMappedPrefixBits = 96;  // ::ffff:0:0/96 stands before an IPv4 address

Failure badItem(std::string_view item) {
    return {"\"" + std::string(item) +
            "\" is no access rule: write + or - and an address or subnet, such as +192.168/16 or -10.0.0.7"};
}

// "192.168" -> "192.168.0.0", and how many bits were written.
std::string completedIpv4(std::string_view text, int &bits) {
    std::string full(text);
    int parts = 1 + static_cast<int>(std::count(text.begin(), text.end(), '.'));
    bits = parts * 8;
    for (; parts < 4; ++parts) full.append(".0");
    return full;
}

bool matches(const os::Endpoint &network, int bits, const os::Endpoint &peer) {
    const auto whole = static_cast<std::size_t>(bits / 8);
    if (!std::equal(network.ip.begin(), network.ip.begin() + static_cast<std::ptrdiff_t>(whole), peer.ip.begin())) return false;
    const int rest = bits % 8;
    return rest == 0 || ((network.ip[whole] ^ peer.ip[whole]) >> (8 - rest)) == 0;
}

}  // namespace

Result<AddressList::Entry> AddressList::parseEntry(std::string_view item) {
    if (item.size() < 2 || (item[0] != '+' && item[0] != '-')) return badItem(item);
    const std::size_t slash = item.find('/');
    const std::string_view address = item.substr(1, slash == std::string_view::npos ? slash : slash - 1);
    const bool isIpv6 = address.find(':') != std::string_view::npos;
    int bits = 128;
    const auto network = os::parseIp(isIpv6 ? std::string(address) : completedIpv4(address, bits));
    if (!network) return badItem(item);
    if (slash != std::string_view::npos) {
        const auto written = parseDecimal(item.substr(slash + 1), isIpv6 ? 128 : 32);
        if (!written) return badItem(item);
        bits = static_cast<int>(*written);
    }
    return Entry{*network, isIpv6 ? bits : bits + kMappedPrefixBits, item[0] == '+'};
}

Result<AddressList> AddressList::parse(std::string_view list) {
    AddressList parsed;
    for (const auto item : splitList(list)) {
        auto entry = parseEntry(item);
        if (!entry) return entry.failure();
        parsed.m_entries.push_back(*entry);
    }
    // Without an entry everybody would be let in: only an empty text means that.
    if (parsed.m_entries.empty() && !list.empty()) return badItem(list);
    return parsed;
}

bool AddressList::admits(const os::Endpoint &peer) const {
    bool isAdmitted = m_entries.empty();
    for (const auto &entry : m_entries)
        if (matches(entry.network, entry.bits, peer)) isAdmitted = entry.isAllowed;
    return isAdmitted;
}

}  // namespace meerkat::access
