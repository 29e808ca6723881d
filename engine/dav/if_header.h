// Station: the If field -> lists of conditions. From dav/permits. RFC 4918 section 10.4. Pure functions of bytes; owns nothing: the views point into the value.
#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace meerkat::dav {

struct IfCondition {
    bool isNot = false;
    bool isTag = false;  // an entity tag, with its quotes and its W/; else a state token, without its angle brackets
    std::string_view text;
};

// All of them have to hold.
struct IfList {
    std::string_view resource;  // what they are about, without its angle brackets; empty: the resource of the request
    std::vector<IfCondition> conditions;
};

struct IfHeader {
    std::vector<IfList> lists;

    // Whether one of the lists holds. `holds` is asked about a condition as if it were not negated.
    bool isTrue(const std::function<bool(std::string_view resource, const IfCondition &condition)> &holds) const;
    // The tokens that the client shows that it knows: those that are not negated.
    std::vector<std::string_view> tokens() const;
};

// Nothing (answer 400) if it does not follow the grammar: no list, an empty one, one without a resource among those with one. Nor if there are more than
// 200 lists: each may have the disk looked at.
std::optional<IfHeader> parseIf(std::string_view value);

}  // namespace meerkat::dav
