// Station: whether a request may change what it wants to change: its If field, and the locks of others. From dav/service, to lock_table.
// RFC 4918 sections 6, 7 and 10.4.
#pragma once

#include "dav/if_header.h"
#include "dav/lock_table.h"
#include "dav/place.h"

#include <string>
#include <string_view>
#include <vector>

namespace meerkat::dav {

// The status of a request's If field: 0 if it is true or not there, 400 or 412 else. `place` is the resource of the request.
int ifStatusOf(const http::RequestHead &head, Share &share, const LockTable &locks, const Place &place);

class Permits {
  public:
    // `user`: a token counts for who took the lock alone.
    Permits(const http::RequestHead &head, const LockTable &locks, std::string user);

    // Each returns a lock that stands in the way, null if none does. Where several share a lock the token of one is enough.
    // What is at the path is changed.
    const Lock *againstChange(std::string_view path) const;
    // It comes or goes: what its folder holds changes, too.
    const Lock *againstComing(const Place &place) const;
    // It goes, or is replaced, with everything below.
    const Lock *againstGoing(const Place &place) const;

  private:
    bool hasToken(const Lock &lock) const;

    const LockTable &m_locks;
    std::string m_user;
    std::vector<std::string_view> m_tokens;
};

}  // namespace meerkat::dav
