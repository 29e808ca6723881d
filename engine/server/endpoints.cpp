#include "server/endpoints.h"

#include "base/pattern.h"
#include "base/text.h"

#include <algorithm>

namespace meerkat::server {

namespace {

constexpr EndpointKind kKinds[] = {EndpointKind::Echo, EndpointKind::Broadcast, EndpointKind::Manual};

EndpointKind kindNamed(std::string_view word) {
    const auto found = std::find_if(std::begin(kKinds), std::end(kKinds), [&](auto kind) { return wordOf(kind) == word; });
    return found == std::end(kKinds) ? EndpointKind::None : *found;
}

// Another first character matches no path: more likely its slash was forgotten.
bool canMatchPaths(std::string_view pattern) {
    const auto alternatives = splitList(pattern, '|');
    return !alternatives.empty() && std::all_of(alternatives.begin(), alternatives.end(), [](std::string_view alternative) {
        return std::string_view("/*?").find(alternative.front()) != std::string_view::npos;
    });
}

Failure refusal(std::string_view item, std::string_view why) {
    return Failure{"\"" + std::string(item) + "\" " + std::string(why) +
                   ": write pattern=kind, the kind being echo, broadcast or manual, e.g. /chat=broadcast"};
}

}  // namespace

std::string_view wordOf(EndpointKind kind) {
    switch (kind) {
    case EndpointKind::Echo:
        return "echo";
    case EndpointKind::Broadcast:
        return "broadcast";
    case EndpointKind::Manual:
        return "manual";
    case EndpointKind::None:
        break;
    }
    return "";
}

Result<Endpoints> Endpoints::parse(std::string_view value) {
    Endpoints endpoints;
    for (const std::string_view item : splitList(value)) {
        const std::size_t equals = item.rfind('=');
        if (equals == std::string_view::npos) return refusal(item, "names no kind");
        const std::string_view pattern = trimmed(item.substr(0, equals));
        const EndpointKind kind = kindNamed(trimmed(item.substr(equals + 1)));
        if (kind == EndpointKind::None) return refusal(item, "names no kind that there is");
        if (!canMatchPaths(pattern)) return refusal(item, "has no path that begins with a slash");
        endpoints.m_rules.push_back({std::string(pattern), kind});
    }
    return endpoints;
}

EndpointKind Endpoints::kindAt(std::string_view path) const {
    for (const Rule &rule : m_rules)
        if (matchPattern(rule.pattern, path) >= 0) return rule.kind;
    return EndpointKind::None;
}

void Rooms::enter(std::string_view path, net::Connection &who) { m_rooms[std::string(path)].push_back(&who); }

void Rooms::leave(std::string_view path, net::Connection &who) {
    const auto room = m_rooms.find(path);
    if (room == m_rooms.end()) return;
    const auto place = std::find(room->second.begin(), room->second.end(), &who);
    if (place == room->second.end()) return;
    *place = room->second.back();
    room->second.pop_back();
    if (room->second.empty()) m_rooms.erase(room);
}

const std::vector<net::Connection *> &Rooms::at(std::string_view path) const {
    static const std::vector<net::Connection *> nobody;
    const auto room = m_rooms.find(path);
    return room == m_rooms.end() ? nobody : room->second;
}

}  // namespace meerkat::server
