#include "ui/websocket_welcome.h"

#include "ui/theme.h"
#include "ui/widgets/action_button.h"

#include <QHBoxLayout>
#include <QLabel>

namespace meerkat::ui {

WebSocketWelcome::WebSocketWelcome(QWidget *parent) : QWidget(parent) {
    auto *title = new QLabel(tr("Talk to programs and pages live"), this);
    title->setFont(headingFont(font()));
    title->setAlignment(Qt::AlignCenter);
    auto *words = new QLabel(
        tr("Let programs open a WebSocket at the address of this folder: each message appears here as it comes, and you can "
           "answer it. A place can also send messages back, or pass them on to all who are there."),
        this);
    words->setObjectName(QStringLiteral("webSocketWelcome"));
    words->setWordWrap(true);
    words->setAlignment(Qt::AlignCenter);
    words->setMaximumWidth(56 * kGrid);
    makeMuted(*words);
    auto *take = new ActionButton(ActionButton::Look::Primary, {}, tr("&Take WebSockets here"), this);
    take->setObjectName(QStringLiteral("takeWebSockets"));
    take->setToolTip(tr("At any path of this folder; you answer"));
    auto *setup = new ActionButton(ActionButton::Look::Plain, {}, tr("Choose &places…"), this);
    setup->setObjectName(QStringLiteral("choosePlaces"));

    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(kGrid);
    buttons->addStretch(1);
    buttons->addWidget(setup);
    buttons->addWidget(take);
    buttons->addStretch(1);
    auto *row = new QHBoxLayout;
    row->addStretch(1);
    row->addWidget(words, 100);
    row->addStretch(1);
    auto *column = new QVBoxLayout(this);
    column->setSpacing(2 * kGrid);
    column->addStretch(1);
    column->addWidget(title);
    column->addLayout(row);
    column->addLayout(buttons);
    column->addStretch(1);
    connect(take, &ActionButton::clicked, this, &WebSocketWelcome::placeWanted);
    connect(setup, &ActionButton::clicked, this, &WebSocketWelcome::setupWanted);
}

}  // namespace meerkat::ui
