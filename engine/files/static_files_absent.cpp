// The part of static_files about names that nothing has: clean URLs, and the page that stands for all paths of an application.
#include "base/encodings.h"
#include "base/text.h"
#include "files/static_files.h"

#include <algorithm>

namespace meerkat::files {

namespace {

constexpr std::string_view kPageEnding = ".html";

std::string_view nameOf(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// "text/html;q=0.8" -> its weight is not nought (RFC 9110 section 12.4.2).
bool hasWeight(std::string_view item) {
    const auto parts = splitList(item, ';');
    return std::none_of(parts.begin() + 1, parts.end(), [](std::string_view part) {
        return startsWithIgnoringCase(part, "q=0") && part.find_first_not_of("0.", 2) == std::string_view::npos;
    });
}

// Who says nothing takes anything (RFC 9110 section 12.5.1).
bool takesPages(const http::RequestHead &head) {
    const auto accepted = head.find("Accept");
    if (!accepted) return true;
    const auto items = splitList(*accepted);
    return std::any_of(items.begin(), items.end(), [](std::string_view item) {
        const std::string_view type = trimmed(item.substr(0, item.find(';')));
        const bool isPage = equalsIgnoringCase(type, "text/html") || type == "*/*";
        return isPage && hasWeight(item);
    });
}

}  // namespace

void StaticFiles::serveOtherwise(http::HttpProtocol &http, const http::RequestHead &head, const Lookup &lookup) {
    if (serveClean(http, head, lookup) || serveFallback(http, head, lookup)) return;
    http.refuse(404);
}

// False: there is no such page.
bool StaticFiles::serveClean(http::HttpProtocol &http, const http::RequestHead &head, const Lookup &lookup) {
    if (m_settings.cleanUrls == CleanUrls::No || lookup.asksFolder()) return false;
    const std::string name = std::string(relativePath(lookup.path));
    const std::string page = name + std::string(kPageEnding);
    if (m_settings.guard.hidesName(nameOf(page))) return false;
    auto opened = m_settings.root->openBelow(page);
    if (opened.state == os::OpenState::NoDescriptors) {
        m_answers.refuseUnopened(http, opened.state);
        return true;
    }
    if (opened.state != os::OpenState::Opened || opened.info.kind != os::FileKind::Regular) return false;
    if (letsPass(http, head, opened)) serveFile(http, head, lookup, page, std::move(opened), {name});
    return true;
}

// False: the name is that of a file, or the client wants no page. What is asked for may be open while the page is not.
bool StaticFiles::serveFallback(http::HttpProtocol &http, const http::RequestHead &head, const Lookup &lookup) {
    const std::string &page = m_settings.fallback;
    if (page.empty() || nameOf(lookup.path).find('.') != std::string_view::npos || !takesPages(head)) return false;
    if (!m_owner.letsPass(http, head, page)) return true;
    // The answer for all those paths is kept once, unless it depends on the path.
    const bool isForAll = m_settings.fields.isEmpty() && m_settings.fields.cacheControl.empty();
    const std::string key = isForAll ? percentEncoded(page, true) : std::string();
    if (!key.empty() && m_answers.sendReady(http, head, key)) return true;
    auto opened = m_settings.root->openBelow(relativePath(page));
    if (opened.state == os::OpenState::NoDescriptors) {
        m_answers.refuseUnopened(http, opened.state);
        return true;
    }
    if (opened.state != os::OpenState::Opened || opened.info.kind != os::FileKind::Regular) return false;
    const Lookup other{key, page, lookup.query, lookup.hasQuery};
    if (letsPass(http, head, opened)) serveFile(http, head, other, std::string(relativePath(page)), std::move(opened), {});
    return true;
}

// True: answered. An index file keeps its name: what it stands for is its folder.
bool StaticFiles::redirectsToClean(http::HttpProtocol &http, const Lookup &lookup) {
    const std::string_view path = lookup.path;
    if (m_settings.cleanUrls != CleanUrls::Redirect || !path.ends_with(kPageEnding)) return false;
    const std::string_view name = nameOf(path), clean = path.substr(0, path.size() - kPageEnding.size());
    const auto &indexFiles = m_settings.indexFiles;
    if (name == kPageEnding || std::find(indexFiles.begin(), indexFiles.end(), name) != indexFiles.end()) return false;
    const auto page = m_settings.root->lookBelow(relativePath(path));
    if (page.state != os::OpenState::Opened || page.info.kind != os::FileKind::Regular) return false;
    if (m_settings.root->lookBelow(relativePath(clean)).state != os::OpenState::NotFound) return false;
    redirectTo(http, lookup, clean);
    return true;
}

}  // namespace meerkat::files
