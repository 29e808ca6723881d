#include "app/desktop.h"

#include <QByteArrayList>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>
#include <QSet>
#include <QSysInfo>

namespace meerkat::app {

namespace {

constexpr int kMostProcesses = 4096;  // bounds for a machine that is full: better no name than a window that waits
constexpr int kMostDescriptors = 65536;
constexpr qint64 kMostTableBytes = 4 << 20;

// The socket inodes that listen on the port, from /proc/net/tcp and tcp6. Columns: "sl local_address rem_address st …": the
// port in hex after the last ':', state 0A is LISTEN, the tenth column is the inode.
void addListeners(const QString &table, quint16 port, QSet<QByteArray> &inodes) {
    QFile file(table);
    if (!file.open(QIODevice::ReadOnly)) return;
    const QByteArray wantedEnd = ':' + QByteArray::number(port, 16).rightJustified(4, '0').toUpper();
    for (const QByteArray &line : file.read(kMostTableBytes).split('\n')) {
        const QByteArrayList columns = line.simplified().split(' ');
        if (columns.size() > 9 && columns[1].endsWith(wantedEnd) && columns[3] == "0A") inodes.insert(columns[9]);
    }
}

bool holdsOneOf(const QString &descriptorFolder, const QSet<QByteArray> &links, int &descriptorsLeft) {
    QDirIterator descriptors(descriptorFolder, QDir::Files | QDir::System | QDir::NoDotAndDotDot);
    while (descriptors.hasNext() && descriptorsLeft-- > 0) {
        const QString link = QFile(descriptors.next()).symLinkTarget();
        if (links.contains(QFileInfo(link).fileName().toLatin1())) return true;
    }
    return false;
}

// The whole name: "comm" is cut at 15 characters.
QString programName(const QString &processFolder) {
    const QString executable = QFileInfo(QFile::symLinkTarget(processFolder + "/exe")).fileName();
    if (!executable.isEmpty()) return executable.section(" (deleted)", 0, 0);
    QFile comm(processFolder + "/comm");
    return comm.open(QIODevice::ReadOnly) ? QString::fromUtf8(comm.readAll()).trimmed() : QString();
}

class LinuxDesktop : public Desktop {
  public:
    QString programOnPort(quint16 port) const override {
        QSet<QByteArray> inodes;
        addListeners("/proc/net/tcp", port, inodes);
        addListeners("/proc/net/tcp6", port, inodes);
        QSet<QByteArray> links;
        for (const QByteArray &inode : inodes) links.insert("socket:[" + inode + ']');
        return links.isEmpty() ? QString() : holderOf(links);
    }

    // Where QT_QPA_PLATFORM names a way to draw without either (offscreen, vnc), that is Qt's business.
    bool hasDisplay() const override {
        if (!qEnvironmentVariableIsEmpty("DISPLAY") || !qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY")) return true;
        const QByteArray platform = qgetenv("QT_QPA_PLATFORM");
        return !platform.isEmpty() && !platform.startsWith("xcb") && !platform.startsWith("wayland");
    }

    // GNOME's and its relatives' panels are drawn in one colour.
    bool prefersSymbolicIcons() const override {
        const QByteArrayList desktops = qgetenv("XDG_CURRENT_DESKTOP").toLower().split(':');
        return desktops.contains("gnome") || desktops.contains("unity") || desktops.contains("pantheon");
    }

    QString localHostName() const override {
        const bool isAnnounced = QFile::exists("/run/avahi-daemon/socket") || QFile::exists("/var/run/avahi-daemon/socket");
        const QString name = QSysInfo::machineHostName().section('.', 0, 0);
        return isAnnounced && !name.isEmpty() ? name + ".local" : QString();
    }

    // A real adapter has a device behind it.
    bool isVirtualInterface(const QString &name) const override {
        const QString folder = "/sys/class/net/" + name;
        return QFile::exists(folder) && !QFile::exists(folder + "/device");
    }

    // QWidget::activateWindow says all that X11 and Wayland want to hear.
    void bringToFront(quintptr) const override {}

  private:
    static QString holderOf(const QSet<QByteArray> &links) {
        int descriptorsLeft = kMostDescriptors;
        int processesLeft = kMostProcesses;
        QDirIterator processes("/proc", {"[1-9]*"}, QDir::Dirs | QDir::NoDotAndDotDot);
        while (processes.hasNext() && processesLeft-- > 0) {
            const QString process = processes.next();
            if (holdsOneOf(process + "/fd", links, descriptorsLeft)) return programName(process);
        }
        return {};
    }
};

}  // namespace

const Desktop &systemDesktop() {
    static const LinuxDesktop desktop;
    return desktop;
}

}  // namespace meerkat::app
