#include "dav/multistatus.h"

#include "base/encodings.h"
#include "http/status.h"

namespace meerkat::dav {

namespace {

constexpr std::string_view kXmlLine = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";

// The prefix D is what old clients of Windows look for.
std::string tagOf(const PropertyName &name) {
    return (name.space == kDavSpace ? "D:" : name.space.empty() ? "" : "x:") + name.local;
}

}  // namespace

std::string urlOf(std::string_view path, bool isFolder) {
    std::string url = percentEncoded(path, true);
    if (isFolder || url.empty()) url += '/';
    return url;
}

void beginMultistatus(std::string &out) { out.append(kXmlLine).append("<D:multistatus xmlns:D=\"DAV:\">\n"); }

void endMultistatus(std::string &out) { out.append("</D:multistatus>\n"); }

void beginResponse(std::string &out, std::string_view path, bool isFolder) {
    out.append("<D:response><D:href>").append(urlOf(path, isFolder)).append("</D:href>");
}

void endResponse(std::string &out) { out.append("</D:response>\n"); }

void appendStatus(std::string &out, int status) {
    out.append("<D:status>HTTP/1.1 ").append(std::to_string(status)).append(" ");
    out.append(http::reasonPhrase(status)).append("</D:status>");
}

std::string multistatusOf(const std::vector<Trouble> &troubles) {
    std::string out;
    beginMultistatus(out);
    for (const Trouble &one : troubles) {
        beginResponse(out, one.path, one.isFolder);
        appendStatus(out, one.status);
        endResponse(out);
    }
    endMultistatus(out);
    return out;
}

void beginPropstat(std::string &out) { out.append("<D:propstat><D:prop>"); }

void endPropstat(std::string &out, int status) {
    out.append("</D:prop>");
    appendStatus(out, status);
    out.append("</D:propstat>");
}

void openTag(std::string &out, const PropertyName &name) {
    out.append("<").append(tagOf(name));
    if (name.space == kDavSpace || name.space.empty()) return;
    out.append(" xmlns:x=\"").append(xmlValueEscaped(name.space)).append("\"");
}

void closeTag(std::string &out, const PropertyName &name) { out.append("</").append(tagOf(name)).append(">"); }

void appendEmpty(std::string &out, const PropertyName &name) {
    openTag(out, name);
    out.append("/>");
}

void appendDead(std::string &out, const DeadProperty &property) {
    openTag(out, property.name);
    if (!property.language.empty()) out.append(" xml:lang=\"").append(xmlValueEscaped(property.language)).append("\"");
    out.append(">").append(property.value);
    closeTag(out, property.name);
}

void appendLock(std::string &out, const Lock &lock, std::int64_t secondsLeft) {
    out.append("<D:activelock><D:locktype><D:write/></D:locktype><D:lockscope>");
    out.append(lock.isExclusive ? "<D:exclusive/>" : "<D:shared/>").append("</D:lockscope><D:depth>");
    out.append(lock.isDeep ? "infinity" : "0").append("</D:depth>");
    if (!lock.owner.empty()) out.append("<D:owner>").append(lock.owner).append("</D:owner>");
    out.append("<D:timeout>Second-").append(std::to_string(secondsLeft)).append("</D:timeout>");
    out.append("<D:locktoken><D:href>").append(lock.token).append("</D:href></D:locktoken>");
    out.append("<D:lockroot><D:href>").append(urlOf(lock.path, lock.isFolder)).append("</D:href></D:lockroot></D:activelock>");
}

std::string lockAnswer(const Lock &lock, std::int64_t secondsLeft) {
    std::string out(kXmlLine);
    out.append("<D:prop xmlns:D=\"DAV:\"><D:lockdiscovery>");
    appendLock(out, lock, secondsLeft);
    out.append("</D:lockdiscovery></D:prop>\n");
    return out;
}

std::string errorBody(std::string_view condition, std::string_view href) {
    std::string out(kXmlLine);
    out.append("<D:error xmlns:D=\"DAV:\"><D:").append(condition);
    if (href.empty())
        out.append("/>");
    else
        out.append("><D:href>").append(href).append("</D:href></D:").append(condition).append(">");
    out.append("</D:error>\n");
    return out;
}

}  // namespace meerkat::dav
