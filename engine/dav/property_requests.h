// Station: the bodies of PROPFIND, PROPPATCH and LOCK -> what is asked for. From dav/service. RFC 4918 sections 9.1, 9.2, 9.10 and 14. Pure functions of bytes.
#pragma once

#include "dav/xml_tree.h"

#include <compare>
#include <string>
#include <string_view>
#include <vector>

namespace meerkat::dav {

struct PropertyName {
    std::string space;
    std::string local;
    auto operator<=>(const PropertyName &) const = default;
};

// A property with a value that we keep and do not understand.
struct DeadProperty {
    PropertyName name;
    std::string language;  // xml:lang, also of an element around it; "" for none
    std::string value;     // XML, to be put between its tags
};

enum class PropfindKind : std::uint8_t { All, Names, Some };
struct PropfindRequest {
    int status =
        0;  // 0, or what to refuse with: 400, 413 (over 500 properties), 422 an element of another kind, or none of the three
    PropfindKind kind = PropfindKind::All;
    std::vector<PropertyName> names;  // Some: these; All: these too
};
// No body asks for all.
PropfindRequest parsePropfind(std::string_view body);

struct PropertyChange {
    bool isRemoval = false;
    DeadProperty property;
};
struct ProppatchRequest {
    int status = 0;                       // 0, or 400, 413 (over 500 changes), 422 another element, or nothing to do
    std::vector<PropertyChange> changes;  // in the order in which they are to be made
};
ProppatchRequest parseProppatch(std::string_view body);

struct LockRequest {
    int status = 0;  // 0, or 400, 413 (an owner of more than 4 KiB), 422 another element, another kind of lock
    bool isExclusive = true;
    std::string owner;  // XML, to be put between the tags of DAV:owner
};
LockRequest parseLockInfo(std::string_view body);

}  // namespace meerkat::dav
