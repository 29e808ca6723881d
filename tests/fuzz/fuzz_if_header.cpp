// The If field by itself, and WebDAV's other fields as the lines of a head.
#include "fuzz/fuzz_support.h"

#include "dav/headers.h"
#include "dav/if_header.h"

#include <string>

using namespace meerkat::fuzz;
using namespace meerkat::dav;

namespace {

void checkIf(std::string_view bytes) {
    const auto header = parseIf(bytes);
    if (!header) return;
    require(!header->lists.empty(), "there is a list");
    const bool isTagged = !header->lists.front().resource.empty();
    for (const IfList &list : header->lists) {
        require(!list.conditions.empty(), "a list has a condition");
        require(list.resource.empty() != isTagged, "all lists have a resource, or none has");
        requireInside(list.resource, bytes);
        for (const IfCondition &one : list.conditions) {
            require(!one.text.empty(), "a condition has a text");
            requireInside(one.text, bytes);
        }
    }
    const auto all = [&](bool holds) {
        return header->isTrue([&](std::string_view, const IfCondition &one) { return holds != one.isNot; });
    };
    require(all(true) && !all(false), "a list holds if all its conditions do");
}

void checkFields(std::string_view fields) {
    const ExactCopy copy("COPY /a HTTP/1.1\r\nHost: a\r\n" + std::string(fields));
    static meerkat::http::RequestHead head;
    if (meerkat::http::parseRequestHead(copy.view(), {}, head).state != meerkat::http::ParseState::Complete) return;
    const std::int64_t seconds = timeoutOf(head);
    require(seconds >= 1 && seconds <= kLongestLockSeconds, "a lock has a time");
    const Destination destination = destinationOf(head);
    require((destination.status == 0) == destination.path.starts_with('/'), "a destination is a path");
    require(destination.path.find("/../") == std::string::npos && !destination.path.ends_with("/.."), "no path climbs");
    if (const auto token = lockTokenOf(head)) require(!token->empty(), "a token has a text");
    (void)depthOf(head, Depth::Infinity);
    (void)overwriteOf(head);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    const ExactCopy copy(toView(data, size));
    checkIf(copy.view());
    checkFields(copy.view());
    return 0;
}
