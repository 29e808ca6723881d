#include "ui/trouble_bar.h"

#include <QDir>

namespace meerkat::ui {

TroubleBar::TroubleBar(QWidget *parent) : NoticeBar(Kind::Trouble, parent) {
    setObjectName(QStringLiteral("troubleBar"));
    connect(this, &NoticeBar::actionTaken, this, &TroubleBar::takeWayOut);
    connect(this, &NoticeBar::secondActionTaken, this, &TroubleBar::tryAgain);
}

void TroubleBar::setClient(app::EngineClient *client) {
    if (m_client) m_client->disconnect(this);
    m_client = client;
    if (!client) return hide();
    connect(client, &app::EngineClient::stateChanged, this, &TroubleBar::refresh);
    refresh();
}

void TroubleBar::refresh() {
    if (!m_client || m_client->state() != app::ServingState::Trouble) return hide();
    const TroubleNotice notice = noticeOf(m_client->trouble());
    m_wayOut = notice.wayOut;
    setToolTip(QDir::toNativeSeparators(m_client->profile().folder));
    say(notice.sentence, notice.button, notice.canRetry ? tr("&Try again") : QString());
}

void TroubleBar::takeWayOut() {
    if (m_wayOut == WayOut::ChooseFolder)
        emit otherFolderWanted();
    else if (m_client)
        ui::takeWayOut(*m_client, m_wayOut);
}

void TroubleBar::tryAgain() {
    if (m_client) ui::takeWayOut(*m_client, WayOut::TryAgain);
}

}  // namespace meerkat::ui
