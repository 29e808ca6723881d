#include "files/folder_json.h"

#include "base/encodings.h"
#include "base/text.h"
#include "files/folder_rows.h"
#include "files/mime_types.h"
#include "files/page_words.h"

#include <cstdlib>

namespace meerkat::files {

namespace {

// Of a weight's digits, in thousandths (RFC 9110 section 12.4.2).
int weightOf(std::string_view parameters) {
    for (const auto parameter : splitList(parameters, ';')) {
        if (!startsWithIgnoringCase(parameter, "q=")) continue;
        const std::string digits(trimmed(parameter.substr(2)));
        char *end = nullptr;
        const double weight = std::strtod(digits.c_str(), &end);
        return weight >= 0 && weight <= 1 && end != digits.c_str() ? static_cast<int>(weight * 1000) : 0;
    }
    return 1000;
}

}  // namespace

void appendJson(std::string &out, std::string_view name, const os::FileInfo &info) {
    const bool isFolder = info.kind == os::FileKind::Folder;
    out.append("\n{\"name\":\"")
        .append(jsonEscaped(name))
        .append("\",\"type\":\"")
        .append(isFolder ? "folder" : "file")
        .append("\"");
    if (!isFolder) out.append(",\"size\":").append(std::to_string(info.size));
    out.append(",\"modified\":\"").append(machineTime(modifiedSeconds(info))).append("\"");
    if (!isFolder) out.append(",\"contentType\":\"").append(jsonEscaped(builtInType(name))).append("\"");
    out.push_back('}');
}

std::string jsonBeginning(std::string_view path, Uploads uploads) {
    return "{\"path\":\"" + jsonEscaped(path) + "\",\"upload\":\"" + std::string(nameOf(uploads)) + "\",\"entries\":[";
}

void endJson(std::string &out, bool isComplete) {
    out.append("\n],\"complete\":").append(isComplete ? "true" : "false").append("}\n");
}

std::string folderJson(std::string_view path, Uploads uploads, const std::vector<os::FolderEntry> &entries) {
    std::string out = jsonBeginning(path, uploads);
    bool isFirst = true;
    for (const auto &entry : entries) {
        if (entry.info.kind == os::FileKind::Other) continue;
        if (!std::exchange(isFirst, false)) out.push_back(',');
        appendJson(out, entry.name, entry.info);
    }
    endJson(out, true);
    return out;
}

bool prefersJson(std::string_view accept) {
    int json = 0, html = 0;
    for (const auto range : splitList(accept)) {
        const std::size_t semicolon = std::min(range.find(';'), range.size());
        const std::string_view type = trimmed(range.substr(0, semicolon));
        const int weight = weightOf(range.substr(semicolon));
        if (equalsIgnoringCase(type, "application/json")) json = std::max(json, weight);
        if (equalsIgnoringCase(type, "text/html") || equalsIgnoringCase(type, "application/xhtml+xml"))
            html = std::max(html, weight);
    }
    return json > html;
}

}  // namespace meerkat::files
