#include "app/profile_store.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>
#include <QStandardPaths>

#include <optional>

namespace meerkat::app {

namespace {

constexpr int kVersion = 1;
constexpr int kRecentFolders = 10;
constexpr qint64 kMostBytes = 16 << 20;  // no file of ours is near it; what is larger is not ours

QString tr(const char *text) { return QCoreApplication::translate("meerkat::app::ProfileStore", text); }

QJsonObject jsonOf(const ServerProfile &profile) {
    QJsonObject options;
    for (const auto &[name, value] : profile.options) options[name] = value;
    return {{"id", profile.id},
            {"name", profile.name},
            {"folder", profile.folder},
            {"port", profile.port},
            {"portWasChosen", profile.portWasChosen},
            {"reach", profile.reach == Reach::MyNetwork ? "network" : "computer"},
            {"wasServing", profile.wasServing},
            {"options", options}};
}

// Only "network" opens a folder to the network: whatever else stands there is the careful choice.
ServerProfile profileOf(const QJsonObject &json) {
    ServerProfile profile = ServerProfile::forFolder(json["folder"].toString());
    profile.id = json["id"].toString(profile.id);
    profile.name = json["name"].toString(profile.name);
    const int port = json["port"].toInt();
    profile.port = port > 0 && port <= 65535 ? static_cast<quint16>(port) : quint16(0);
    profile.portWasChosen = profile.port != 0 && json["portWasChosen"].toBool();
    profile.reach = json["reach"].toString() == "network" ? Reach::MyNetwork : Reach::ThisComputer;
    profile.wasServing = json["wasServing"].toBool(true);
    const QJsonObject options = json["options"].toObject();
    for (auto option = options.begin(); option != options.end(); ++option) {
        if (option->isString()) profile.options[option.key()] = option->toString();
    }
    return profile;
}

QString textOf(CloseAction action) {
    switch (action) {
    case CloseAction::Quit:
        return "quit";
    case CloseAction::Minimise:
        return "minimise";
    case CloseAction::Ask:
        break;
    }
    return "ask";
}

CloseAction closeActionOf(const QString &text) {
    if (text == "quit") return CloseAction::Quit;
    if (text == "minimise") return CloseAction::Minimise;
    return CloseAction::Ask;
}

QString base64(const QByteArray &bytes) { return QString::fromLatin1(bytes.toBase64()); }
QByteArray bytesOf(const QJsonValue &base64) { return QByteArray::fromBase64(base64.toString().toLatin1()); }

QByteArray fileTextOf(const StoredState &state) {
    QJsonArray profiles;
    for (const ServerProfile &profile : state.profiles) profiles.append(jsonOf(profile));
    const QJsonObject json{{"version", kVersion},
                           {"profiles", profiles},
                           {"selectedId", state.selectedId},
                           {"recentFolders", QJsonArray::fromStringList(state.recentFolders.mid(0, kRecentFolders))},
                           {"windowGeometry", base64(state.windowGeometry)},
                           {"tableState", base64(state.tableState)},
                           {"toldAboutTray", state.toldAboutTray},
                           {"closeWithoutTray", textOf(state.closeWithoutTray)}};
    return QJsonDocument(json).toJson();
}

StoredState stateOf(const QJsonObject &json) {
    StoredState state;
    for (const QJsonValue &value : json["profiles"].toArray()) {
        if (!value["folder"].toString().isEmpty()) state.profiles.append(profileOf(value.toObject()));
    }
    state.selectedId = json["selectedId"].toString();
    for (const QJsonValue &folder : json["recentFolders"].toArray()) {
        if (folder.isString() && state.recentFolders.size() < kRecentFolders) state.recentFolders.append(folder.toString());
    }
    state.windowGeometry = bytesOf(json["windowGeometry"]);
    state.tableState = bytesOf(json["tableState"]);
    state.toldAboutTray = json["toldAboutTray"].toBool();
    state.closeWithoutTray = closeActionOf(json["closeWithoutTray"].toString());
    return state;
}

// The object of a file of ours; nothing if the bytes are no such file.
std::optional<QJsonObject> parsed(const QByteArray &bytes) {
    const QJsonDocument document = QJsonDocument::fromJson(bytes);
    if (!document.isObject() || !document["version"].isDouble()) return std::nullopt;
    return document.object();
}

// "meerkat-2026-11-23.json", with a number behind the date where that is taken.
QString freeNameBeside(const QString &path) {
    const QFileInfo info(path);
    const QString stem = info.completeBaseName() + '-' + QDate::currentDate().toString(Qt::ISODate);
    QString name = stem + '.' + info.suffix();
    for (int number = 2; info.dir().exists(name); ++number)
        name = QString("%1-%2.%3").arg(stem, QString::number(number), info.suffix());
    return name;
}

}  // namespace

ProfileStore::ProfileStore(QString path) : m_path(std::move(path)) {}

QString ProfileStore::defaultPath() {
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) + "/meerkat/meerkat.json";
}

StoredState ProfileStore::load() {
    m_notice.clear();
    m_mustNotOverwrite = false;
    QFile file(m_path);
    if (!file.exists()) return {};
    if (!file.open(QIODevice::ReadOnly)) {
        m_mustNotOverwrite = true;
        m_notice = tr("Your folders could not be read: %1 can't be opened (%2).")
                       .arg(QDir::toNativeSeparators(m_path), file.errorString());
        return {};
    }
    const QByteArray bytes = file.read(kMostBytes);
    file.close();
    const auto json = parsed(bytes);
    if (!json) {
        setAside(tr("The list of your folders was damaged."));
        return {};
    }
    if ((*json)["version"].toInt() > kVersion) {
        setAside(tr("The list of your folders was written by a newer Meerkat."));
        return {};
    }
    return stateOf(*json);
}

// What can't be set aside is not written over either: it may be all that is left of somebody's folders.
void ProfileStore::setAside(const QString &reason) {
    const QString name = freeNameBeside(m_path);
    m_mustNotOverwrite = !QFile::rename(m_path, QFileInfo(m_path).dir().filePath(name));
    m_notice = reason + ' ' +
               (m_mustNotOverwrite ? tr("Nothing is saved until %1 is moved away.").arg(QDir::toNativeSeparators(m_path))
                                   : tr("It was kept as %1, and a new one begins.").arg(name));
}

bool ProfileStore::save(const StoredState &state) {
    m_notice.clear();
    if (m_mustNotOverwrite && QFile::exists(m_path)) {
        m_notice = tr("Nothing is saved until %1 is moved away.").arg(QDir::toNativeSeparators(m_path));
        return false;
    }
    QDir().mkpath(QFileInfo(m_path).path());
    QSaveFile file(m_path);
    const QByteArray bytes = fileTextOf(state);
    if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit()) return true;
    m_notice = tr("Your folders could not be saved: %1 can't be written (%2).")
                   .arg(QDir::toNativeSeparators(m_path), file.errorString());
    return false;
}

}  // namespace meerkat::app
