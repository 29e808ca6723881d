#include "ui/folder_dialog.h"

#include <QFileDialog>

#include <utility>

namespace meerkat::ui {

void askForFolder(QWidget &window, const QString &title, std::function<void(const QString &)> use) {
    auto *dialog = new QFileDialog(&window, title);
    dialog->setObjectName(QStringLiteral("folderDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    QObject::connect(dialog, &QFileDialog::fileSelected, &window, [use = std::move(use)](const QString &folder) { use(folder); });
    dialog->open();
}

}  // namespace meerkat::ui
