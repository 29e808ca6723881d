#include "ui/models/trouble_notice.h"

#include "ui/models/serving.h"

#include <QCoreApplication>

namespace meerkat::ui {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(TroubleNotice)
};

}  // namespace

bool isAboutPort(const app::Trouble &trouble) {
    return trouble.kind == app::TroubleKind::PortTaken || trouble.kind == app::TroubleKind::PortForbidden;
}

TroubleNotice noticeOf(const app::Trouble &trouble) {
    TroubleNotice notice{trouble.sentence, WayOut::TryAgain, Words::tr("Try again"), false};
    switch (trouble.kind) {
    case app::TroubleKind::PortTaken:
    case app::TroubleKind::PortForbidden:
        if (trouble.offeredPort == 0) break;
        notice.wayOut = WayOut::UsePort;
        notice.button = Words::tr("Use %1", "a port").arg(trouble.offeredPort);
        notice.canRetry = trouble.kind == app::TroubleKind::PortTaken;
        break;
    case app::TroubleKind::FolderMissing:
    case app::TroubleKind::FolderUnreadable:
    case app::TroubleKind::FolderIsFile:
        notice.wayOut = WayOut::ChooseFolder;
        notice.button = Words::tr("Choose another folder…");
        notice.canRetry = true;
        break;
    case app::TroubleKind::OptionRefused:
    case app::TroubleKind::Other:
        break;
    }
    return notice;
}

void takeWayOut(app::EngineClient &client, WayOut way) {
    if (way == WayOut::UsePort) choosePort(client, client.trouble().offeredPort);
    if (way != WayOut::None && way != WayOut::ChooseFolder) setServing(client, true);
}

}  // namespace meerkat::ui
