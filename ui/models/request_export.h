// Station: requests -> text for other programs. From the Requests page, to the clipboard and to files. Pure.
#pragma once

#include "app/messages.h"

#include <QByteArray>
#include <QString>

#include <vector>

namespace meerkat::ui {

// A command for a shell that asks the same again. `origin`: "http://127.0.0.1:8080". What the record left out, passwords and cookies, is left out.
QString curlCommand(const app::RequestRecord &record, const QString &origin);

enum class LogFormat {
    Har,       // HTTP Archive 1.2, which browsers' developer tools open
    Json,      // a JSON object in each line, with the names of the engine's access log
    Combined,  // the combined log format of web servers
};
QByteArray exported(const std::vector<const app::RequestRecord *> &records, LogFormat format, const QString &origin);

}  // namespace meerkat::ui
