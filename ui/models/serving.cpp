#include "ui/models/serving.h"

namespace meerkat::ui {
namespace {

// Changes a copy of the profile and hands it over; the client applies what differs.
template <typename Change>
void changeProfile(app::EngineClient &client, Change change) {
    app::ServerProfile profile = client.profile();
    change(profile);
    if (!(profile == client.profile())) client.setProfile(profile);
}

}  // namespace

// A folder that vanished while it was served is trouble with an open port.
bool hasListener(const app::EngineClient &client) {
    const app::ServingState state = client.state();
    return state == app::ServingState::Serving || state == app::ServingState::Starting || state == app::ServingState::Stopping ||
           client.port() != 0;
}

bool isSwitchedOn(const app::EngineClient &client) {
    if (client.state() == app::ServingState::Trouble) return client.profile().wasServing;
    return hasListener(client) && client.state() != app::ServingState::Stopping;
}

void setServing(app::EngineClient &client, bool on) {
    changeProfile(client, [on](app::ServerProfile &profile) { profile.wasServing = on; });
    if (on)
        client.start();
    else
        client.stop();
}

void setReach(app::EngineClient &client, app::Reach reach) {
    changeProfile(client, [reach](app::ServerProfile &profile) { profile.reach = reach; });
}

void setFolder(app::EngineClient &client, const QString &folder) {
    changeProfile(client, [&folder](app::ServerProfile &profile) {
        profile.folder = folder;
        profile.name = app::ServerProfile::forFolder(folder).name;
    });
}

void choosePort(app::EngineClient &client, quint16 port) { choosePort(client, port, client.profile().reach); }

void choosePort(app::EngineClient &client, quint16 port, app::Reach reach) {
    changeProfile(client, [port, reach](app::ServerProfile &profile) {
        profile.port = port;
        profile.portWasChosen = true;
        profile.reach = reach;
    });
}

void forgetChosenPort(app::EngineClient &client) {
    changeProfile(client, [](app::ServerProfile &profile) {
        profile.port = 0;
        profile.portWasChosen = false;
    });
}

}  // namespace meerkat::ui
