#include "ui/models/folder_drop.h"

#include <QFileInfo>

namespace meerkat::ui {

FolderDrop readDrop(const QList<QUrl> &urls) {
    FolderDrop drop;
    for (const QUrl &url : urls) {
        if (!url.isLocalFile()) continue;
        const QFileInfo info(url.toLocalFile());
        if (info.isDir()) {
            drop.folders << info.absoluteFilePath();
        } else if (info.exists() && drop.fileName.isEmpty()) {
            drop.fileName = info.fileName();
            drop.folderOfFile = info.absolutePath();
        }
    }
    return drop.folders.isEmpty() ? drop : FolderDrop{drop.folders, {}, {}};
}

}  // namespace meerkat::ui
