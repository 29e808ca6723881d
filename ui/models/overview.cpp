#include "ui/models/overview.h"

#include "app/shown_name.h"
#include "ui/models/format.h"
#include "ui/models/server_list_model.h"
#include "ui/models/serving.h"

#include <QCoreApplication>
#include <QSet>
#include <QStringList>

namespace meerkat::ui {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(Overview)
};

void addVisitors(const app::EngineClient &client, QSet<QString> &visitors) {
    for (const auto &row : client.snapshot().connections) visitors.insert(clientText(QString::fromStdString(row.remoteIp)));
}

}  // namespace

Overview overviewOf(const ServerListModel &servers) {
    Overview overview;
    QSet<QString> visitors;
    overview.servers = servers.rowCount();
    for (int row = 0; row < overview.servers; ++row) {
        const app::EngineClient &client = *servers.client(row);
        if (client.state() == app::ServingState::Trouble && overview.inTrouble++ == 0) {
            overview.firstTrouble = client.trouble().sentence;
            overview.firstInTrouble = app::shownName(client.profile().name);
        }
        if (client.state() == app::ServingState::Serving && overview.serving++ == 0)
            overview.firstServing = app::shownName(client.profile().name);
        // A folder that vanished has its visitors still.
        if (!hasListener(client)) continue;
        overview.bytesPerSecond += client.bytesPerSecond();
        addVisitors(client, visitors);
    }
    overview.visitors = visitors.size();
    if (overview.serving > 0) overview.state = OverallState::Serving;
    if (overview.inTrouble > 0) overview.state = OverallState::Trouble;
    return overview;
}

QString statusLine(const Overview &overview) {
    if (overview.servers == 0) return {};
    QStringList parts{Words::tr("%1 of %2 serving").arg(overview.serving).arg(overview.servers)};
    if (overview.inTrouble > 0) parts << Words::tr("%1 in trouble", nullptr, overview.inTrouble).arg(overview.inTrouble);
    if (overview.serving > 0 || overview.visitors > 0)
        parts << visitorsText(overview.visitors) << rateText(overview.bytesPerSecond);
    return parts.join(QStringLiteral(" · "));
}

QString trayLine(const Overview &overview) {
    if (overview.state == OverallState::Trouble) return overview.firstTrouble;
    if (overview.serving == 0) return Words::tr("Meerkat is not serving");
    const QString who =
        overview.serving == 1 ? overview.firstServing : Words::tr("%1 folders", nullptr, overview.serving).arg(overview.serving);
    return Words::tr("Serving %1, %2").arg(who, visitorsText(overview.visitors));
}

}  // namespace meerkat::ui
