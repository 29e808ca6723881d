#include "ui/models/request_text.h"

#include "app/shown_name.h"

#include <QByteArray>

#include <algorithm>

namespace meerkat::ui {

QString requestText(const std::string &method, const std::string &target) {
    if (method.empty()) return {};
    const std::size_t mark = std::min(target.find('?'), target.size());
    const QByteArray path = QByteArray::fromPercentEncoding({target.data(), static_cast<qsizetype>(mark)});
    const QByteArray query(target.data() + mark, static_cast<qsizetype>(target.size() - mark));
    const QString readable =
        path.isValidUtf8() ? app::plainText(QString::fromUtf8(path + query)) : QString::fromStdString(target);
    return QString::fromStdString(method) + u' ' + readable;
}

}  // namespace meerkat::ui
