#include "dav/live_properties.h"

#include "dav/multistatus.h"
#include "http/conditions.h"
#include "http/dates.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

namespace meerkat::dav {

namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;
constexpr std::array<std::string_view, 9> kCommon{"creationdate",   "displayname",   "getcontentlength",
                                                  "getcontenttype", "getetag",       "getlastmodified",
                                                  "resourcetype",   "supportedlock", "lockdiscovery"};
constexpr std::string_view kFree = "quota-available-bytes", kUsed = "quota-used-bytes";

// RFC 3339 in UTC. What lies before the year 1 or behind 9999 has no such form: then the nearest that has.
std::string instantOf(std::int64_t seconds) {
    using namespace std::chrono;
    seconds = std::clamp<std::int64_t>(seconds, -62'135'596'800, 253'402'300'799);
    const std::chrono::seconds since(seconds);
    const auto day = floor<days>(since);
    const year_month_day date{sys_days(day)};
    const hh_mm_ss time(since - day);
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
                  static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()));
    return text.data();
}

std::string dateOf(std::int64_t seconds) {
    std::string date(http::kDateLength, ' ');
    http::writeDate(seconds, date.data());
    return date;
}

std::string locksOf(const Resource &resource, const LockTable &locks) {
    std::string out;
    for (const Lock *lock : locks.covering(resource.path)) appendLock(out, *lock, locks.secondsLeft(*lock));
    return out;
}

std::string lockKinds() {
    std::string out;
    for (const std::string_view scope : {"exclusive", "shared"}) {
        out.append("<D:lockentry><D:lockscope><D:").append(scope);
        out.append("/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockentry>");
    }
    return out;
}

// A file system that keeps no time of birth: then when it was changed last is the earliest that is known.
std::int64_t createdNs(const Resource &resource) {
    return resource.createdNs > 0 ? resource.createdNs : std::min(resource.info.modifiedNs, resource.info.changedNs);
}

// What a file has and a folder has not.
std::optional<std::string> fileValue(std::string_view name, const Resource &resource, const LiveSources &sources) {
    if (resource.isFolder()) return std::nullopt;
    if (name == "getcontentlength") return std::to_string(resource.info.size);
    if (name == "getcontenttype") return xmlEscaped(sources.share.typeOf(resource.name));
    if (name == "getetag") return xmlEscaped(http::etagOf(resource.info));
    return std::nullopt;
}

std::optional<std::string> valueOf(std::string_view name, const Resource &resource, const LiveSources &sources) {
    if (name == "creationdate") return instantOf(createdNs(resource) / kNsPerSecond);
    if (name == "displayname") return xmlEscaped(resource.name);
    if (name == "getlastmodified") return dateOf(resource.info.modifiedNs / kNsPerSecond);
    if (name == "resourcetype") return resource.isFolder() ? "<D:collection/>" : "";
    if (name == "supportedlock") return sources.share.isWritable() ? lockKinds() : "";
    if (name == "lockdiscovery") return locksOf(resource, sources.locks);
    const bool hasRoom = resource.isFolder() && sources.room.has_value();
    if (name == kFree && hasRoom) return std::to_string(sources.room->freeBytes);
    if (name == kUsed && hasRoom) return std::to_string(sources.room->usedBytes);
    return fileValue(name, resource, sources);
}

}  // namespace

std::span<const std::string_view> commonLiveNames() { return kCommon; }

// RFC 4918 section 15.2 wants displayname to be one that people can set.
bool isProtected(const PropertyName &name) {
    if (name.space != kDavSpace || name.local == "displayname") return false;
    return name.local == kFree || name.local == kUsed || std::find(kCommon.begin(), kCommon.end(), name.local) != kCommon.end();
}

bool appendLive(std::string &out, const PropertyName &name, const Resource &resource, const LiveSources &sources) {
    if (name.space != kDavSpace) return false;
    const auto value = valueOf(name.local, resource, sources);
    if (!value) return false;
    openTag(out, name);
    if (value->empty()) {
        out.append("/>");
        return true;
    }
    out.append(">").append(*value);
    closeTag(out, name);
    return true;
}

}  // namespace meerkat::dav
