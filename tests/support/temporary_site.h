// Station: the tests. A folder of files to serve; gone with its object.
#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QTemporaryDir>

namespace meerkat::test {

class TemporarySite {
  public:
    QString path(const QString &name = {}) const { return name.isEmpty() ? m_folder.path() : m_folder.path() + '/' + name; }

    // Folders on the way are made. A file that is there keeps its place on the disk and is overwritten.
    void write(const QString &name, const QByteArray &bytes) const {
        QDir().mkpath(QFileInfo(path(name)).path());
        QFile file(path(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) qFatal("%s: not written", qPrintable(name));
    }
    void makeFolder(const QString &name) const {
        if (!QDir().mkpath(path(name))) qFatal("%s: not made", qPrintable(name));
    }
    // A file of that size that takes no room, with `ending` as its last bytes.
    void writeSparse(const QString &name, qint64 size, const QByteArray &ending) const {
        QFile file(path(name));
        if (!file.open(QIODevice::WriteOnly) || !file.resize(size) || !file.seek(size - ending.size()) ||
            file.write(ending) != ending.size())
            qFatal("%s: not written", qPrintable(name));
    }
    void setModified(const QString &name, const QDateTime &time) const {
        QFile file(path(name));
        if (!file.open(QIODevice::ReadWrite) || !file.setFileTime(time, QFileDevice::FileModificationTime))
            qFatal("%s: time not set", qPrintable(name));
    }
    bool remove(const QString &name) const { return QFile::remove(path(name)); }

  private:
    QTemporaryDir m_folder;
};

}  // namespace meerkat::test
