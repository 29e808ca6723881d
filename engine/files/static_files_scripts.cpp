// The part of static_files about scripts: which one a path is for.
#include "files/static_files.h"
#include "http/url.h"

namespace meerkat::files {

ScriptLookup StaticFiles::findScript(const http::RequestHead &head) {
    refreshRoot();
    const auto target = http::parseTarget(head.target, false);
    if (!target || target->form == http::TargetForm::Asterisk || target->form == http::TargetForm::Authority) return {};
    const auto path = http::cleanPath(target->path.empty() ? "/" : target->path);
    if (!path || !m_settings.root || m_settings.site->isGone || m_settings.guard.hidesPath(*path)) return {};
    ScriptLookup found = findScriptAt(*path);
    // A folder's OPTIONS are what WebDAV can do there, whatever its index file is.
    const bool isIndex = path->ends_with('/') && found.file.beyond.empty();
    return isIndex && head.method == http::Method::Options ? ScriptLookup{} : std::move(found);
}

ScriptLookup StaticFiles::findScriptAt(std::string_view path) const {
    const std::string_view relative = relativePath(path);
    auto looked = m_settings.root->lookBelow(relative);
    if (looked.state == os::OpenState::NotFound) return findScriptAbove(path);
    if (looked.state != os::OpenState::Opened) return {looked.state};
    const bool asksFolder = path.ends_with('/');
    if (looked.info.kind == os::FileKind::Folder) return asksFolder ? findIndexScript(path) : ScriptLookup{};
    return asScript(relative, asksFolder ? "/" : "", std::move(looked));
}

// As a folder is answered: the first file that is there counts, whatever it is.
ScriptLookup StaticFiles::findIndexScript(std::string_view folder) const {
    for (const auto &name : m_settings.indexFiles) {
        if (m_settings.guard.hidesName(name)) continue;
        const std::string relative = std::string(folder.substr(1)) + name;
        auto looked = m_settings.root->lookBelow(relative);
        if (looked.state == os::OpenState::NoDescriptors) return {looked.state};
        const bool isFile = looked.state == os::OpenState::Opened && looked.info.kind == os::FileKind::Regular;
        if (isFile) return asScript(relative, "", std::move(looked));
    }
    return {};
}

// From the root down to the first name that is no folder: what a stranger writes behind it costs nothing.
ScriptLookup StaticFiles::findScriptAbove(std::string_view path) const {
    for (std::size_t slash = path.find('/', 1); slash != std::string_view::npos; slash = path.find('/', slash + 1)) {
        const std::string_view relative = path.substr(1, slash - 1);
        auto looked = m_settings.root->lookBelow(relative);
        if (looked.state != os::OpenState::Opened) return {looked.state};
        if (looked.info.kind == os::FileKind::Regular) return asScript(relative, path.substr(slash), std::move(looked));
    }
    return {};
}

ScriptLookup StaticFiles::asScript(std::string_view relative, std::string_view beyond, os::OpenOutcome looked) const {
    const std::string_view root = m_settings.rootPath;
    const bool isOne =
        m_taker.isScript(root, relative) || (!looked.where.empty() && m_taker.isScript(root, relativePath(looked.where)));
    if (looked.info.kind != os::FileKind::Regular || !isOne) return {};
    return {os::OpenState::Opened, {std::string(relative), std::string(beyond), std::move(looked)}};
}

// GET or HEAD. False: there is none on that path.
bool StaticFiles::serveScript(http::HttpProtocol &http, const http::RequestHead &head, std::string_view path) {
    ScriptLookup found = findScriptAt(path);
    if (found.state == os::OpenState::NoDescriptors) return m_answers.refuseUnopened(http, found.state), true;
    if (found.state != os::OpenState::Opened) return false;
    if (letsPass(http, head, found.file.opened)) m_taker.serve(http, head, std::move(found.file));
    return true;
}

}  // namespace meerkat::files
