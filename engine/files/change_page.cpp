#include "files/change_page.h"

#include "base/encodings.h"
#include "base/text.h"
#include "files/folder_rows.h"
#include "files/page_template.h"
#include "files/page_words.h"
#include "http/form.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace meerkat::files {
namespace {

// As server/form_posts says it in the address it leads to.
struct Deed {
    std::string_view code;
    std::string_view words;
};
constexpr std::array kDeeds = {
    Deed{"uploaded", "is uploaded"}, Deed{"made", "is made"},       Deed{"renamed", "has its new name"},
    Deed{"moved", "is moved here"},  Deed{"deleted", "is deleted"},
};

std::string valueOf(std::string_view query, std::string_view name) {
    const auto value = http::findVariable(query, name);
    return value ? percentDecoded(*value, true).value_or(std::string(*value)) : std::string();
}

// Others that went the same way; whoever writes an address may write anything.
std::uint64_t othersIn(std::string_view query) {
    const std::string text = valueOf(query, "count");
    std::uint32_t count = 1;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), count);
    return read.ec == std::errc{} && count > 1 ? count - 1 : 0;
}

}  // namespace

std::string_view changesHead(Uploads uploads) { return uploads == Uploads::No ? "" : pageFile("changes_head.html"); }

std::string_view changeForms(Uploads uploads) { return uploads == Uploads::No ? "" : pageFile("change_forms.html"); }

std::string doneNotice(Uploads uploads, std::string_view query) {
    if (uploads == Uploads::No) return {};
    const std::string code = valueOf(query, "done");
    const auto *deed = std::find_if(kDeeds.begin(), kDeeds.end(), [&code](const Deed &each) { return each.code == code; });
    const std::string name = valueOf(query, "name");
    if (deed == kDeeds.end() || name.empty()) return {};
    std::string html = "<p class=\"notice\" id=\"done\" role=\"status\"><span>“<bdi>" + shownName(name) + "</bdi>” ";
    if (const std::uint64_t others = othersIn(query); others > 0)
        html += "and " + counted(others, "other file") + (deed->code == "uploaded" ? " are uploaded" : " are changed");
    else
        html += deed->words;
    return html += ".</span></p>\n";
}

void appendChangeLink(std::string &to, std::string_view name) {
    to.append("<a class=\"more\" href=\"?action=change&amp;name=").append(percentEncoded(name)).append("\">Change</a>");
}

std::string changePage(std::string_view path, std::string_view folderName, const os::FolderEntry &entry) {
    const bool isFolder = entry.info.kind == os::FileKind::Folder;
    const std::string shown = shownName(entry.name);
    const std::string address = htmlEscaped(path);
    return filled(pageFile("change_page.html"), {{"name", shown},
                                                 {"name_value", htmlEscaped(entry.name)},
                                                 {"kind", isFolder ? "Folder" : readableBytes(entry.info.size)},
                                                 {"folder", shownName(folderName)},
                                                 {"here", address},
                                                 {"warning", isFolder ? "The folder and everything in it is gone then." : ""}});
}

}  // namespace meerkat::files
