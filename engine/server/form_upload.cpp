#include "server/form_upload.h"

#include "base/encodings.h"
#include "http/form.h"
#include "server/rewriting.h"

#include <algorithm>
#include <utility>

namespace meerkat::server {

namespace {

constexpr std::string_view kUpload = "upload";
constexpr std::string_view kFiles = "files";

constexpr std::string_view kNoFiles = "No file was chosen.";
constexpr std::string_view kTakenApart =
    "The form arrived in a way that is not understood here. Files that came before that are stored.";

bool isControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

// Browsers write a quote in a file's name as %22, and leave other percent signs as they are (HTML standard, multipart/form-data).
std::string withQuotes(std::string_view told) {
    std::string name;
    for (std::size_t at = 0; at < told.size(); ++at) {
        const bool isQuote = told.substr(at, 3) == "%22";
        name.push_back(isQuote ? '"' : told[at]);
        if (isQuote) at += 2;
    }
    return name;
}

std::string decodedVariable(std::string_view text, std::string_view name) {
    const auto value = http::findVariable(text, name);
    return value ? percentDecoded(*value, true).value_or(std::string(*value)) : std::string();
}

}  // namespace

std::string cleanName(std::string_view told) {
    const std::size_t slash = told.find_last_of("/\\");
    std::string name(slash == std::string_view::npos ? told : told.substr(slash + 1));
    std::erase_if(name, isControl);
    return name == "." || name == ".." ? std::string() : name;
}

Server::FormUpload::FormUpload(Server &server, std::string folder, std::optional<http::MultipartReader> reader)
    : m_server(server), m_folder(std::move(folder)), m_reader(std::move(reader)) {}

int Server::FormUpload::take(std::string_view bytes) {
    if (m_reader) return m_reader->read(bytes, *this);
    if (m_text.size() + bytes.size() > kMostFieldBytes) return 413;
    m_text.append(bytes);
    return 0;
}

// ---- parts ----

std::string *Server::FormUpload::fieldOf(std::string_view name) {
    return name == "action" ? &m_fields.action : name == "name" ? &m_fields.name : name == "to" ? &m_fields.to : nullptr;
}

int Server::FormUpload::beginPart(const http::PartHead &head) {
    if (head.name == kFiles && head.isFile) return beginFile(head);
    m_field = fieldOf(head.name);
    // The first of a name counts, as in other forms.
    if (m_field && !m_field->empty()) m_field = nullptr;
    return 0;
}

// Not 0: what would befall every other file, too.
int Server::FormUpload::beginFile(const http::PartHead &head) {
    if (m_fields.action != kUpload) return 400;
    if (head.fileName.empty()) return 0;
    m_fileName = cleanName(withQuotes(head.fileName));
    if (m_fileName.empty()) return leaveOut(head.fileName), 0;
    int status = 0;
    m_file = m_server.openFormFile(m_folder + m_fileName, status);
    if (m_file) return 0;
    if (status >= 500) return status;
    leaveOut(m_fileName);
    return 0;
}

int Server::FormUpload::takePart(std::string_view bytes) {
    if (m_file) return m_file->take(bytes);
    if (!m_field) return 0;
    m_fieldBytes += bytes.size();
    if (m_fieldBytes > kMostFieldBytes) return 413;
    m_field->append(bytes);
    return 0;
}

int Server::FormUpload::endPart() {
    m_field = nullptr;
    if (!m_file) return 0;
    const auto file = std::exchange(m_file, {});
    const int status = m_server.finishFormFile(m_folder + m_fileName, *file);
    if (status >= 500) return status;
    if (status >= 400) return leaveOut(m_fileName), 0;
    if (m_stored++ == 0) m_firstStored = m_fileName;
    return 0;
}

void Server::FormUpload::leaveOut(std::string_view name) {
    if (m_leftOut.size() < kMostTold)
        m_leftOut.emplace_back(name.substr(0, kMostOfAName));
    else
        ++m_untold;
}

// ---- the end ----

// False: it is cut short.
bool Server::FormUpload::readFields() {
    if (m_reader) return m_reader->isComplete();
    for (const std::string_view name : {"action", "name", "to"}) *fieldOf(name) = decodedVariable(m_text, name);
    return true;
}

void Server::FormUpload::finish(http::HttpProtocol &http) {
    const http::RequestHead &head = *http.head();
    Serving serving(m_server, head);
    if (!serving.begin(http)) return;
    if (!readFields()) return m_server.refuseSaying(http, 400, kTakenApart);
    if (m_fields.action == kUpload) return finishFiles(http);
    const FormFields fields = m_fields;
    const std::string folder = m_folder;
    m_server.changeByForm(http, head, folder, fields);
}

void Server::FormUpload::finishFiles(http::HttpProtocol &http) {
    if (m_leftOut.empty() && m_stored == 0) return m_server.refuseSaying(http, 400, kNoFiles);
    if (m_leftOut.empty()) return m_server.sendDone(http, m_folder, "uploaded", m_firstStored, m_stored);
    std::string sentence = "Not stored, as the name is taken or can't be a file's here: ";
    for (std::size_t i = 0; i < m_leftOut.size(); ++i) sentence.append(i == 0 ? "" : ", ").append(m_leftOut[i]);
    if (m_untold > 0) sentence.append(" and ").append(std::to_string(m_untold)).append(" more");
    sentence.append(m_stored == 0   ? "."
                    : m_stored == 1 ? ". The other file is stored."
                                    : ". The other " + std::to_string(m_stored) + " files are stored.");
    m_server.refuseSaying(http, 409, sentence);
}

}  // namespace meerkat::server
