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
    if (topic == HelpTopic::Welcome)
        return Words::tr("Drop a folder on the window, or choose one. Meerkat then shows it as a page in the browser. Nobody but "
                         "this computer can "
                         "open it until you say so.");
    return Words::tr("The switch starts and stops serving this folder. “My network” lets other devices in your network open the "
                     "address, by typing it "
                     "or by scanning the code. Whoever is connected shows up in the table below.");
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
