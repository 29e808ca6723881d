// The part of the server about forms that are posted to a folder: files for it, a new folder, and what becomes of an entry.
#include "base/encodings.h"
#include "base/text.h"
#include "http/url.h"
#include "server/form_upload.h"
#include "server/rewriting.h"

#include <algorithm>

namespace meerkat::server {

namespace {

constexpr std::string_view kNoForm = "This form is none that is understood here.";
constexpr std::string_view kNoName =
    "This is no name for something in a folder: it is empty, or has a slash or a line break in it.";
constexpr std::string_view kNoTarget = "This is no folder here. Write its address, such as /pictures/2026/.";
constexpr std::string_view kThereAlready = "Something with this name is there already.";
constexpr std::string_view kOnlyNew = "Things may be added here, but nothing that is there may be changed.";
constexpr std::string_view kNoScripts = "Files of this kind are programs here, and can't be put here by visitors.";

// With its '/' at the end; nothing if the target is no folder's.
std::optional<std::string> folderOf(const http::RequestHead &head) {
    const auto target = http::parseTarget(head.target, false);
    auto path = target ? http::cleanPath(target->path) : std::nullopt;
    return path && path->ends_with('/') ? path : std::nullopt;
}

// As it stands: what a visitor wrote is not made into another name.
bool isName(std::string_view name) { return !name.empty() && cleanName(name) == name; }

// A folder's address as in URLs, or as people write it.
std::optional<std::string> folderPath(std::string_view told) {
    if (!told.starts_with('/')) return std::nullopt;
    auto path = http::cleanPath(told);
    if (!path) path = http::cleanPath(percentEncoded(told, true));
    if (path && !path->ends_with('/')) path->push_back('/');
    return path;
}

}  // namespace

bool Server::isForm(const http::RequestHead &head) const {
    const std::string_view path = head.target.substr(0, head.target.find('?'));
    return head.method == http::Method::Post && m_settings.guard.opensChanges && m_settings.files.root && path.ends_with('/');
}

// Null: it was refused, and is answered.
std::unique_ptr<http::BodySink> Server::openForm(http::HttpProtocol &http, const http::RequestHead &head) {
    const auto folder = folderOf(head);
    if (!folder) return http.refuse(400), nullptr;
    if (m_settings.files.uploadsHere() == files::Uploads::No) return http.refuse(405, allowedFields()), nullptr;
    if (hides(*folder)) return http.refuse(404), nullptr;
    if (!mayChangeIn(http, head, *folder + "x")) return nullptr;
    const auto looked = m_settings.files.root->lookBelow(files::relativePath(*folder));
    const bool isFolder =
        looked.state == os::OpenState::Opened && looked.info.kind == os::FileKind::Folder && !hides(looked.where);
    if (!isFolder) return http.refuse(404), nullptr;
    const std::string_view type = head.find("Content-Type").value_or("");
    auto reader = http::MultipartReader::of(type);
    const std::string_view plain = trimmed(type.substr(0, type.find(';')));
    if (!reader && !equalsIgnoringCase(plain, "application/x-www-form-urlencoded"))
        return refuseSaying(http, 415, kNoForm), nullptr;
    return std::make_unique<FormUpload>(*this, *folder, std::move(reader));
}

http::BodyDecision Server::beginForm(http::HttpProtocol &http, const http::RequestHead &head) {
    if (!http.connection().isOpen()) return {};
    Serving serving(*this, head);
    if (!serving.begin(http) || !letsPass(http, head) || !isOfThisSite(http, head)) return {};
    http::BodyDecision decision;
    decision.sink = openForm(http, head);
    if (!decision.sink) return decision;
    decision.plan = http::BodyPlan::Stream;
    decision.limit = UINT64_MAX;
    return decision;
}

// It is in memory.
void Server::serveForm(http::HttpProtocol &http, const http::RequestHead &head, std::string_view body) {
    const auto form = openForm(http, head);
    if (!form) return;
    if (const int status = form->take(body); status != 0) return http.refuse(status);
    form->finish(http);
}

// ---- files ----

// Null, with `status`: why not.
std::unique_ptr<dav::Put> Server::openFormFile(const std::string &path, int &status) {
    status = 403;
    if (m_settings.files.uploadsHere() == files::Uploads::No || !m_settings.files.root || isScriptsName(path)) return nullptr;
    static const http::RequestHead noConditions;
    std::unique_ptr<dav::Put> put;
    for (int freed = 0;; ++freed) {
        status = uploadRefusal(path);
        const auto how = m_settings.files.uploads == files::Uploads::Replace ? os::Replacing::Yes : os::Replacing::No;
        const dav::Put::Asked asked{std::string_view(path).substr(1), how, 0};
        if (status == 0) put = dav::Put::begin(*m_settings.files.root, asked, noConditions, m_loop->wallSeconds(), status);
        if (status != 503 || freed == files::kMostFreed || !freeDescriptor()) break;
    }
    if (put) m_leftovers.note(put->folder(), path.substr(0, path.rfind('/')));
    return put;
}

int Server::finishFormFile(const std::string &path, dav::Put &put) {
    if (m_dav.isLocked(path)) return 423;
    if (put.isNew()) m_dav.forgetProperties(path);
    return put.finish();
}

// ---- changes ----

void Server::sendDone(http::HttpProtocol &http, const std::string &folder, std::string_view done, std::string_view name,
                      std::size_t count) {
    http.sendWhole(303, doneField(folder, done, name, count), {});
}

// Whoever loads the page again does not send the form again.
std::string Server::doneField(const std::string &folder, std::string_view done, std::string_view name, std::size_t count) const {
    std::string field = "Location: " + percentEncoded(m_settings.files.clientPath(folder), true) + "?done=" + std::string(done) +
                        "&name=" + percentEncoded(name);
    if (count > 1) field.append("&count=").append(std::to_string(count));
    return field.append("\r\n");
}

void Server::changeByForm(http::HttpProtocol &http, const http::RequestHead &head, const std::string &folder,
                          const FormFields &fields) {
    const std::string &action = fields.action;
    const bool isMaking = action == "makefolder", isRename = action == "rename", isMove = action == "move";
    if (!isMaking && !isRename && !isMove && action != "delete") return refuseSaying(http, 400, kNoForm);
    if (!isMaking && m_settings.files.uploadsHere() != files::Uploads::Replace) return refuseSaying(http, 409, kOnlyNew);
    if (!isName(fields.name) || (isRename && !isName(fields.to))) return refuseSaying(http, 400, kNoName);
    const auto target = isMove ? folderPath(fields.to) : folder;
    if (!target) return refuseSaying(http, 400, kNoTarget);
    const std::string path = folder + fields.name, &newName = isRename ? fields.to : fields.name;
    const std::string_view done = isMaking ? "made" : isRename ? "renamed" : isMove ? "moved" : "deleted";
    dav::FormChange change{isMaking ? "MKCOL" : isRename || isMove ? "MOVE" : "DELETE", path, {}, {}};
    change.done = doneField(*target, done, newName, 1);
    if (!isMaking && !mayPass(http, head, path, guardOf("DELETE", path))) return;
    if (isMaking && !letsFormName(http, head, path)) return;
    if (isRename || isMove) {
        change.destination = *target + newName;
        if (change.destination != path && !letsFormName(http, head, change.destination)) return;
    }
    m_dav.serveForm(http, head, change);
}

// Whether something may come that has this path. False: it was refused, and is answered.
bool Server::letsFormName(http::HttpProtocol &http, const http::RequestHead &head, const std::string &path) {
    const os::Root &root = *m_settings.files.root;
    if (!mayPass(http, head, path, guardOf("PUT", path)) || !mayChangeIn(http, head, path)) return false;
    const auto folder = root.lookBelow(files::relativePath(path.substr(0, path.rfind('/'))));
    std::string_view sentence;
    int status = 409;
    if (isScriptsName(path))
        status = 403, sentence = kNoScripts;
    else if (folder.state != os::OpenState::Opened || folder.info.kind != os::FileKind::Folder)
        sentence = kNoTarget;
    else if (root.hasName(files::relativePath(path)))
        sentence = kThereAlready;
    if (!sentence.empty()) refuseSaying(http, status, sentence);
    return sentence.empty();
}

}  // namespace meerkat::server
