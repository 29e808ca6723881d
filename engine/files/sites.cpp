#include "files/sites.h"

#include "os/small_file.h"

namespace meerkat::files {

namespace {

// The last name of a path, for a title; the path itself for a root.
std::string folderTitle(std::string_view path) {
    while (path.size() > 1 && (path.ends_with('/') || path.ends_with('\\'))) path.remove_suffix(1);
    const std::size_t slash = path.find_last_of("/\\");
    const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
    return std::string(name.empty() || name == "." || name == ".." ? std::string_view("Files") : name);
}

// "/a/b/" for /srv/www/a/b in /srv/www, "/" for itself; "" if it lies elsewhere.
std::string placeIn(const os::Root &outer, const os::Root &inner) {
    const auto outerPlace = outer.whereItIs();
    const auto innerPlace = inner.whereItIs();
    if (!outerPlace || !innerPlace) return {};
    const std::string above = *outerPlace + "/";
    const std::string below = *innerPlace + "/";
    return below.starts_with(above) ? below.substr(above.size() - 1) : std::string();
}

}  // namespace

Result<Site> openSite(std::string_view path, bool mayBeFile) {
    Site site;
    site.path = path;
    const auto info = os::lookAt(path);
    if (mayBeFile && info && info->kind == os::FileKind::Regular) {
        const std::size_t slash = path.find_last_of("/\\");
        site.onlyFile = path.substr(slash + 1);
        site.path = slash == std::string_view::npos ? "." : path.substr(0, slash + 1);
    }
    auto root = os::Root::open(site.path);
    if (!root) return root.failure();
    site.root = std::move(*root);
    site.title = folderTitle(site.path);
    return site;
}

std::string Sites::setMain(std::string_view path) {
    Site site;
    if (!path.empty()) {
        auto opened = openSite(path, false);
        if (!opened) return opened.failure().text;
        site = std::move(*opened);
    }
    m_main = std::move(site);
    findPlaces();
    return {};
}

std::string Sites::setRewrites(std::string_view value) {
    auto rewrites = Rewrites::parse(value);
    if (!rewrites) return rewrites.failure().text;
    std::vector<Site> ofRules, ofHosts;
    std::size_t number = 0;
    const auto add = [&](std::vector<Site> &to, std::string_view name, std::string_view path, bool mayBeFile) -> std::string {
        auto site = openSite(path, mayBeFile);
        if (!site) return "\"" + std::string(name) + "=" + std::string(path) + "\": " + site.failure().text;
        site->number = ++number;
        to.push_back(std::move(*site));
        return {};
    };
    for (const RewriteRule &rule : rewrites->rules()) {
        if (rule.status != 0)
            ofRules.emplace_back();
        else if (std::string refusal = add(ofRules, rule.pattern, rule.target, true); !refusal.empty())
            return refusal;
    }
    for (const VirtualHost &host : rewrites->hosts())
        if (std::string refusal = add(ofHosts, "@" + host.name, host.folder, false); !refusal.empty()) return refusal;
    m_rewrites = std::move(*rewrites);
    m_ofRules = std::move(ofRules);
    m_ofHosts = std::move(ofHosts);
    findPlaces();
    return {};
}

// A folder that was removed and made again (a build's output) has the same name and is another one. One that was moved away is not given out under
// its old name: who moved it does not expect it to be seen any longer.
bool Sites::follow(Site &site, std::int64_t second) {
    if (site.checkedSecond == second) return false;
    site.checkedSecond = second;
    site.isGone = site.root && !site.root->isReachable();
    if (!site.isGone) return false;
    auto root = os::Root::open(site.path);
    if (!root) return false;
    site.root = std::move(*root);
    site.isGone = false;
    findPlaces();
    return true;
}

void Sites::findPlaces() {
    for (std::vector<Site> *sites : {&m_ofRules, &m_ofHosts})
        for (Site &site : *sites) site.placeInMain = m_main.root && site.root ? placeIn(*m_main.root, *site.root) : std::string();
}

}  // namespace meerkat::files
