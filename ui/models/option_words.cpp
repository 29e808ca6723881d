#include "ui/models/option_words.h"

#include <QCoreApplication>

#include <algorithm>
#include <iterator>

namespace meerkat::ui {
namespace {

struct Label {
    const char *name;
    const char *words;
};

constexpr Label kLabels[] = {
    {"access_control_list", QT_TRANSLATE_NOOP("Options", "Who may connect")},
    {"access_log_file", QT_TRANSLATE_NOOP("Options", "Log of requests")},
    {"access_log_format", QT_TRANSLATE_NOOP("Options", "Form of the log")},
    {"access_log_keep", QT_TRANSLATE_NOOP("Options", "Older logs kept")},
    {"access_log_max_bytes", QT_TRANSLATE_NOOP("Options", "Begin the log anew at")},
    {"auth_domain", QT_TRANSLATE_NOOP("Options", "Name of the realm")},
    {"cache_control", QT_TRANSLATE_NOOP("Options", "Kept by browsers")},
    {"cgi_interpreter", QT_TRANSLATE_NOOP("Options", "Program that runs scripts")},
    {"cgi_max_processes", QT_TRANSLATE_NOOP("Options", "Scripts at once")},
    {"cgi_pattern", QT_TRANSLATE_NOOP("Options", "Scripts")},
    {"cgi_timeout_ms", QT_TRANSLATE_NOOP("Options", "Patience with scripts")},
    {"clean_urls", QT_TRANSLATE_NOOP("Options", "Addresses without .html")},
    {"compression", QT_TRANSLATE_NOOP("Options", "Compress texts")},
    {"compression_cache_bytes", QT_TRANSLATE_NOOP("Options", "Memory for compressed copies")},
    {"connect_timeout_ms", QT_TRANSLATE_NOOP("Options", "Patience when connecting")},
    {"cors_origins", QT_TRANSLATE_NOOP("Options", "Sites that may read from here")},
    {"cross_origin_isolation", QT_TRANSLATE_NOOP("Options", "Isolate pages")},
    {"dav_auth_file", QT_TRANSLATE_NOOP("Options", "Passwords for writing")},
    {"enable_directory_listing", QT_TRANSLATE_NOOP("Options", "Show what is in a folder")},
    {"extra_headers", QT_TRANSLATE_NOOP("Options", "Further headers")},
    {"extra_mime_types", QT_TRANSLATE_NOOP("Options", "Further file types")},
    {"global_auth_file", QT_TRANSLATE_NOOP("Options", "Passwords for everything")},
    {"hexdump_file", QT_TRANSLATE_NOOP("Options", "Log of every byte")},
    {"hide_files_patterns", QT_TRANSLATE_NOOP("Options", "Hidden files")},
    {"idle_timeout_ms", QT_TRANSLATE_NOOP("Options", "Patience with silence")},
    {"index_files", QT_TRANSLATE_NOOP("Options", "Start pages")},
    {"max_bytes_per_second", QT_TRANSLATE_NOOP("Options", "Speed of all together")},
    {"max_connection_bytes_per_second", QT_TRANSLATE_NOOP("Options", "Speed of each connection")},
    {"max_connections", QT_TRANSLATE_NOOP("Options", "Connections at once")},
    {"max_connections_per_address", QT_TRANSLATE_NOOP("Options", "Connections of a visitor")},
    {"max_reply_bytes", QT_TRANSLATE_NOOP("Options", "Longest answer from elsewhere")},
    {"max_request_body_bytes", QT_TRANSLATE_NOOP("Options", "Longest request in memory")},
    {"max_requests_per_second_per_address", QT_TRANSLATE_NOOP("Options", "Requests of a visitor")},
    {"max_websocket_message_bytes", QT_TRANSLATE_NOOP("Options", "Longest message")},
    {"run_as_user", QT_TRANSLATE_NOOP("Options", "Run as this user")},
    {"spa_fallback", QT_TRANSLATE_NOOP("Options", "Page for every address")},
    {"ssi_exec", QT_TRANSLATE_NOOP("Options", "Includes may run programs")},
    {"ssi_pattern", QT_TRANSLATE_NOOP("Options", "Pages with includes")},
    {"ssl_auto_directory", QT_TRANSLATE_NOOP("Options", "Place of our own authority")},
    {"ssl_ca_certificate", QT_TRANSLATE_NOOP("Options", "Trusted authorities")},
    {"ssl_certificate", QT_TRANSLATE_NOOP("Options", "Certificate")},
    {"upload", QT_TRANSLATE_NOOP("Options", "Visitors may send files")},
    {"url_rewrites", QT_TRANSLATE_NOOP("Options", "Where addresses lead")},
    {"websocket_compression", QT_TRANSLATE_NOOP("Options", "Compress messages")},
    {"websocket_endpoints", QT_TRANSLATE_NOOP("Options", "Places of WebSockets")},
    {"websocket_events", QT_TRANSLATE_NOOP("Options", "What programs get")},
    {"websocket_subprotocols", QT_TRANSLATE_NOOP("Options", "Subprotocols")},
};

QString translated(const char *words) { return QCoreApplication::translate("Options", words); }

}  // namespace

QString optionLabel(const QString &name) {
    const auto *found = std::find_if(std::begin(kLabels), std::end(kLabels),
                                     [&name](const Label &label) { return name == QLatin1String(label.name); });
    if (found != std::end(kLabels)) return translated(found->words);
    QString words = name;
    words.replace(u'_', u' ');
    if (!words.isEmpty()) words[0] = words[0].toUpper();
    return words;
}

QString optionHelp(const QString &help) { return translated(help.toUtf8().constData()); }

QString optionGroup(const QString &group) { return translated(group.toUtf8().constData()); }

QString optionUnit(const QString &unit) { return translated(unit.toUtf8().constData()); }

}  // namespace meerkat::ui
