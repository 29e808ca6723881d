#include "ui/close_behaviour.h"

#include "ui/models/session.h"
#include "ui/theme.h"
#include "ui/tray_icon.h"

#include <QCheckBox>
#include <QCoreApplication>
#include <QMessageBox>
#include <QPushButton>

namespace meerkat::ui {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(CloseBehaviour)
};

CloseDecision decisionFor(app::CloseAction action) {
    return action == app::CloseAction::Quit ? CloseDecision::Quit : CloseDecision::Minimise;
}

}  // namespace

CloseDecision CloseBehaviour::decide(QWidget &window) {
    if (TrayIcon::isAvailable()) return CloseDecision::Hide;
    const app::CloseAction chosen = m_session.state().closeWithoutTray;
    // Nothing would go on in the background.
    if (chosen == app::CloseAction::Ask && !m_session.isServing()) return CloseDecision::Quit;
    return chosen == app::CloseAction::Ask ? ask(window) : decisionFor(chosen);
}

CloseDecision CloseBehaviour::ask(QWidget &window) {
    QMessageBox box(&window);
    box.setObjectName(QStringLiteral("closeQuestion"));
    box.setWindowTitle(Words::tr("Close Meerkat"));
    box.setIconPixmap(pictureIcon(QStringLiteral("meerkat")).pixmap(48));
    box.setText(Words::tr("Keep serving in the background?"));
    box.setInformativeText(
        Words::tr("This desktop has no tray for Meerkat to stay in. Minimised, it goes on serving; quitting stops it."));
    QPushButton *minimise = box.addButton(Words::tr("&Minimise"), QMessageBox::AcceptRole);
    QPushButton *quit = box.addButton(Words::tr("&Quit"), QMessageBox::DestructiveRole);
    QPushButton *cancel = box.addButton(QMessageBox::Cancel);
    auto *remember = new QCheckBox(Words::tr("&Remember my choice"), &box);
    minimise->setObjectName(QStringLiteral("closeMinimise"));
    quit->setObjectName(QStringLiteral("closeQuit"));
    cancel->setObjectName(QStringLiteral("closeCancel"));
    remember->setObjectName(QStringLiteral("closeRemember"));
    box.setCheckBox(remember);
    box.setDefaultButton(minimise);
    box.setEscapeButton(cancel);
    box.exec();

    if (box.clickedButton() != minimise && box.clickedButton() != quit) return CloseDecision::Stay;
    const auto action = box.clickedButton() == quit ? app::CloseAction::Quit : app::CloseAction::Minimise;
    if (remember->isChecked()) m_session.change([action](app::StoredState &state) { state.closeWithoutTray = action; });
    return decisionFor(action);
}

void CloseBehaviour::sayThatItServesOn(QWidget &window) {
    if (m_session.state().toldAboutTray) return;
    if (!m_session.isServing()) return sayThatItStays();
    m_session.change([](app::StoredState &state) { state.toldAboutTray = true; });
    const QString title = Words::tr("Meerkat keeps serving");
    const QString sentence = Words::tr("It stays here in the tray. To end it, choose Quit from its menu.");
    if (TrayIcon::canTell()) {
        m_tray.tell(title, sentence);
        return;
    }
    auto *box = new QMessageBox(QMessageBox::NoIcon, title, title, QMessageBox::Ok, &window);
    box->setObjectName(QStringLiteral("servesOn"));
    box->setIconPixmap(pictureIcon(QStringLiteral("meerkat-serving")).pixmap(48));
    box->setInformativeText(Words::tr("It stays in the tray. To end it, choose Quit from its menu there."));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

// Once a run, and in passing: it is no news that a person waits for.
void CloseBehaviour::sayThatItStays() {
    if (m_toldThatItStays || !TrayIcon::canTell()) return;
    m_toldThatItStays = true;
    m_tray.tell(Words::tr("Meerkat stays in the tray"),
                Words::tr("It serves nothing now. To end it, choose Quit from its menu."));
}

}  // namespace meerkat::ui
