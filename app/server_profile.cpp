#include "app/server_profile.h"

#include "app/shown_name.h"

#include <QDir>
#include <QFileInfo>
#include <QUuid>

namespace meerkat::app {

ServerProfile ServerProfile::forFolder(const QString &folder) {
    ServerProfile profile;
    profile.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    profile.folder = QDir::cleanPath(QFileInfo(folder).absoluteFilePath());
    profile.name = plainText(QFileInfo(profile.folder).fileName());
    if (profile.name.isEmpty()) profile.name = QDir::toNativeSeparators(profile.folder);  // "/", "C:/"
    return profile;
}

}  // namespace meerkat::app
