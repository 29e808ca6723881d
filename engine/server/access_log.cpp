#include "server/access_log.h"

#include "base/encodings.h"
#include "files/page_words.h"
#include "http/dates.h"

#include <algorithm>
#include <initializer_list>

namespace meerkat::server {

namespace {

// Between quotes: quotes, backslashes and whatever is not printable ASCII as \xHH, so that a terminal shows a line and does nothing.
void appendEscaped(std::string &out, std::string_view text) {
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte < 0x7f && c != '"' && c != '\\')
            out.push_back(c);
        else
            out.append("\\x").append(hexLower({&c, 1}));
    }
}

void appendQuoted(std::string &out, std::string_view text) {
    out.append(" \"");
    appendEscaped(out, text.empty() ? std::string_view("-") : text);
    out.push_back('"');
}

// Without quotes: a space would begin the next field.
void appendWord(std::string &out, std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t space = std::min(text.find(' ', at), text.size());
        appendEscaped(out, text.substr(at, space - at));
        if (space < text.size()) out.append("\\x20");
        at = space + 1;
    }
    out.append(text.empty() ? "- " : " ");
}

// "[06/Nov/1994:08:49:37 +0000]" from "Sun, 06 Nov 1994 08:49:37 GMT".
void appendTime(std::string &out, std::int64_t seconds) {
    char date[http::kDateLength];
    http::writeDate(seconds, date);
    const std::string_view text(date, sizeof date);
    out.append("[").append(text.substr(5, 2)).append("/").append(text.substr(8, 3)).append("/").append(text.substr(12, 4));
    out.append(":").append(text.substr(17, 8)).append(" +0000]");
}

std::string_view protocolOf(const http::RequestHead &head) { return head.minorVersion == 0 ? "HTTP/1.0" : "HTTP/1.1"; }

std::string_view fieldOf(const http::AnswerRecord &record, std::string_view name) {
    return record.head ? record.head->find(name).value_or("") : std::string_view{};
}

void appendCombined(std::string &out, std::string_view remoteIp, std::string_view user, std::int64_t wallSeconds,
                    const http::AnswerRecord &record) {
    out.append(remoteIp).append(" - ");
    appendWord(out, user);
    appendTime(out, wallSeconds);
    out.append(" \"");
    if (record.head) {
        appendEscaped(out, record.head->methodName);
        out.push_back(' ');
        appendEscaped(out, record.head->target);
        out.append(" ").append(protocolOf(*record.head));
    } else if (!record.refusedLine.empty()) {
        appendEscaped(out, record.refusedLine);
    } else {
        out.push_back('-');
    }
    out.append("\" ").append(std::to_string(record.status)).append(" ").append(std::to_string(record.bytesSent));
    appendQuoted(out, fieldOf(record, "Referer"));
    appendQuoted(out, fieldOf(record, "User-Agent"));
    out.push_back('\n');
}

struct Text {
    std::string_view name;
    std::string_view value;
};

// What is empty is left out.
void appendTexts(std::string &out, std::initializer_list<Text> texts) {
    for (const Text &text : texts)
        if (!text.value.empty()) out.append(",\"").append(text.name).append("\":\"").append(jsonEscaped(text.value)).append("\"");
}

void appendJson(std::string &out, std::string_view remoteIp, std::string_view user, std::int64_t wallSeconds,
                const http::AnswerRecord &record) {
    out.append("{\"time\":\"").append(files::machineTime(wallSeconds)).append("\"");
    appendTexts(out, {{"remote_ip", remoteIp}, {"user", user}});
    if (record.head)
        appendTexts(
            out, {{"method", record.head->methodName}, {"target", record.head->target}, {"protocol", protocolOf(*record.head)}});
    else
        appendTexts(out, {{"refused", record.refusedLine}});
    out.append(",\"status\":")
        .append(std::to_string(record.status))
        .append(",\"bytes\":")
        .append(std::to_string(record.bytesSent));
    out.append(",\"duration_us\":").append(std::to_string(record.durationUs));
    out.append(",\"complete\":").append(record.isComplete ? "true" : "false");
    appendTexts(out, {{"referer", fieldOf(record, "Referer")}, {"user_agent", fieldOf(record, "User-Agent")}});
    out.append("}\n");
}

}  // namespace

void AccessLog::add(std::string_view remoteIp, std::string_view user, std::int64_t wallSeconds,
                    const http::AnswerRecord &record) {
    if (!isOpen()) return;
    const auto append = m_format == LogFormat::Json ? appendJson : appendCombined;
    append(m_file.text(), remoteIp, user, wallSeconds, record);
}

}  // namespace meerkat::server
