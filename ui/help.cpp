#include "ui/help.h"

#include "ui/theme.h"

#include <QCoreApplication>
#include <QMessageBox>

namespace meerkat::ui {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(Help)
};

QString helpText(HelpTopic topic) {
    switch (topic) {
    case HelpTopic::Welcome:
        return Words::tr("Drop a folder on the window, or choose one. Meerkat then shows it as a page in the browser. Nobody but "
                         "this computer can open it until you say so.");
    case HelpTopic::Share:
        return Words::tr("The switch starts and stops serving this folder. “My network” lets other devices in your network open "
                         "the address, by typing it or by scanning the code. A port that you type is kept; otherwise the next "
                         "free one is taken.");
    case HelpTopic::Users:
        return Words::tr("Whoever is in this table can open the folder with a name and a password; without anybody in it, "
                         "everybody can. A folder inside can have a table of its own. Passwords are kept as digests: they can be "
                         "set anew, not read.");
    case HelpTopic::Connections:
        return Words::tr("Each row is a connection as it is now: who, what is asked for, and how much is sent. The filter finds "
                         "addresses, names and files. A row goes when its visitor is gone.");
    case HelpTopic::Requests:
        return Words::tr("Each row is a request that was answered, the newest at the bottom. A row that is chosen shows what the "
                         "visitor's program sent. What the filter leaves can be saved, or copied as a command that asks again.");
    case HelpTopic::WebSocket:
        return Words::tr(
            "On the left are the WebSocket connections, on the right their messages as they come and go. Places named "
            "below can echo, pass on to all, or wait for your answer. Only so many messages are kept as you say.");
    case HelpTopic::Options:
        return Words::tr(
            "Everything the engine can be told, with what each does. A change applies at once; what can't be applied "
            "says why, and the old value stays. Changed ones are marked, and can be put back.");
    }
    return {};
}

}  // namespace

void showHelp(QWidget &window, HelpTopic topic) {
    auto *box =
        new QMessageBox(QMessageBox::NoIcon, Words::tr("Help"), Words::tr("What this page does"), QMessageBox::Close, &window);
    box->setObjectName(QStringLiteral("helpBox"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setIconPixmap(pictureIcon(QStringLiteral("meerkat")).pixmap(48));
    box->setInformativeText(helpText(topic));
    box->open();
}

}  // namespace meerkat::ui
