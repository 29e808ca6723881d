// Station: what is dropped on the window -> folders to serve. Pure but for one look at the disk.
#pragma once

#include <QList>
#include <QStringList>
#include <QUrl>

namespace meerkat::ui {

struct FolderDrop {
    QStringList folders;
    // Only files were dropped: the name of the first and its folder. Serving the folder shows more than the file that was dropped, so a person
    // is asked first.
    QString fileName;
    QString folderOfFile;
};
FolderDrop readDrop(const QList<QUrl> &urls);

}  // namespace meerkat::ui
