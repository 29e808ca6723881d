// Station: asks for a folder with the system's own dialog, without holding the window's events.
#pragma once

#include <QString>

#include <functional>

class QWidget;

namespace meerkat::ui {

void askForFolder(QWidget &window, const QString &title, std::function<void(const QString &folder)> use);

}  // namespace meerkat::ui
