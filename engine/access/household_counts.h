// Station: how many connections each address has. From server, which tells of each that comes and goes, and asks before it lets another in.
// Holds an entry only for who has one.
#pragma once

#include "access/household.h"

#include <cstddef>
#include <map>

namespace meerkat::access {

class HouseholdCounts {
  public:
    void add(const os::Endpoint &peer) { ++m_counts[householdOf(peer)]; }
    void remove(const os::Endpoint &peer) {
        const auto found = m_counts.find(householdOf(peer));
        if (found != m_counts.end() && --found->second == 0) m_counts.erase(found);
    }
    std::size_t of(const os::Endpoint &peer) const {
        const auto found = m_counts.find(householdOf(peer));
        return found == m_counts.end() ? 0 : found->second;
    }
    std::size_t kept() const { return m_counts.size(); }
    void clear() { m_counts.clear(); }

  private:
    std::map<Household, std::size_t> m_counts;
};

}  // namespace meerkat::access
