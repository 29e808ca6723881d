// Station: what came of each resource -> the text of a 207, and of the bodies of errors. From dav/, to http_protocol. RFC 4918 sections 13, 14 and 16.
// Pure functions that append; names are escaped, so that what people call their files is never markup.
#pragma once

#include "dav/lock_table.h"
#include "dav/property_requests.h"

#include <string>
#include <string_view>
#include <vector>

namespace meerkat::dav {

inline constexpr std::string_view kXmlFields = "Content-Type: application/xml; charset=utf-8\r\nCache-Control: no-cache\r\n";

// How a path is written as a URL: percent-encoded, with a '/' at the end for a folder. "" is the root.
std::string urlOf(std::string_view path, bool isFolder);

void beginMultistatus(std::string &out);
void endMultistatus(std::string &out);
void beginResponse(std::string &out, std::string_view path, bool isFolder);
void endResponse(std::string &out);
// "<D:status>HTTP/1.1 404 Not Found</D:status>"
void appendStatus(std::string &out, int status);

// Something that went wrong with one resource of many.
struct Trouble {
    std::string path;  // canonical
    bool isFolder = false;
    int status = 500;
};
std::string multistatusOf(const std::vector<Trouble> &troubles);

// <D:propstat> around what is appended in between.
void beginPropstat(std::string &out);
void endPropstat(std::string &out, int status);
// A property of any namespace: the start of its tag, "<x:local xmlns:x="…"", without what ends it; and its end tag.
void openTag(std::string &out, const PropertyName &name);
void closeTag(std::string &out, const PropertyName &name);
// The same without a value.
void appendEmpty(std::string &out, const PropertyName &name);
// One with its value.
void appendDead(std::string &out, const DeadProperty &property);

// <D:activelock>
void appendLock(std::string &out, const Lock &lock, std::int64_t secondsLeft);
// What LOCK answers with.
std::string lockAnswer(const Lock &lock, std::int64_t secondsLeft);
// <D:error> with one condition, and, where `href` is not empty, the URL that it is about.
std::string errorBody(std::string_view condition, std::string_view href = {});

}  // namespace meerkat::dav
