#include "app/stored_state.h"

#include "app/shown_name.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cmath>

namespace meerkat::app {

namespace {

constexpr int kLongestShown = 40;
constexpr int kMostPort = 65535;

QString tr(const char *text) { return QCoreApplication::translate("meerkat::app::StoredState", text); }

// A value as a person finds it in the file, cut where it is long.
QString shown(const QJsonValue &value) {
    const QJsonDocument whole(QJsonArray{value});
    QString text = QString::fromUtf8(whole.toJson(QJsonDocument::Compact)).mid(1).chopped(1);
    if (text.size() > kLongestShown) text = text.left(kLongestShown) + u'…';
    return text;
}

// Reads one object and notes what in it can't be used.
class Fields {
  public:
    // `owner`: whose values they are, for the phrases.
    Fields(const QJsonObject &json, QStringList &unusable, QString owner = {})
        : m_json(json), m_unusable(unusable), m_owner(std::move(owner)) {}

    void setOwner(const QString &owner) { m_owner = owner; }
    const QString &owner() const { return m_owner; }

    QString text(const char *name, const QString &what, const QString &otherwise = {}) const {
        const QJsonValue value = m_json[QLatin1String(name)];
        if (!value.isUndefined() && !value.isString()) complain(what, value);
        return value.toString(otherwise);
    }
    bool yesOrNo(const char *name, const QString &what, bool otherwise) const {
        const QJsonValue value = m_json[QLatin1String(name)];
        if (!value.isUndefined() && !value.isBool()) complain(what, value);
        return value.toBool(otherwise);
    }
    quint16 port(const char *name, const QString &what) const {
        const QJsonValue value = m_json[QLatin1String(name)];
        const double number = value.toDouble(value.isUndefined() ? 0 : -1);
        const bool isPort = number >= 0 && number <= kMostPort && number == std::floor(number);
        if (!isPort) complain(what, value);
        return isPort ? static_cast<quint16>(number) : quint16(0);
    }
    int number(const char *name, const QString &what, int least, int most, int otherwise) const {
        const QJsonValue value = m_json[QLatin1String(name)];
        const double number = value.toDouble(value.isUndefined() ? otherwise : -1);
        const bool isUsable = number >= least && number <= most && number == std::floor(number);
        if (!isUsable) complain(what, value);
        return isUsable ? static_cast<int>(number) : otherwise;
    }
    // The position of the text among the words; 0 if it is none of them.
    int oneOf(const char *name, const QString &what, const QStringList &words) const {
        const QJsonValue value = m_json[QLatin1String(name)];
        const auto found = words.indexOf(value.toString());
        if (!value.isUndefined() && found < 0) complain(what, value);
        return found < 0 ? 0 : static_cast<int>(found);
    }
    QJsonArray list(const char *name, const QString &what) const {
        const QJsonValue value = m_json[QLatin1String(name)];
        if (!value.isUndefined() && !value.isArray()) complain(what, value);
        return value.toArray();
    }
    QJsonObject object(const char *name, const QString &what) const {
        const QJsonValue value = m_json[QLatin1String(name)];
        if (!value.isUndefined() && !value.isObject()) complain(what, value);
        return value.toObject();
    }
    QByteArray bytes(const char *name, const QString &what) const { return QByteArray::fromBase64(text(name, what).toLatin1()); }
    void complain(const QString &what, const QJsonValue &value) const {
        const QString owned = m_owner.isEmpty() ? what : tr("%1 of %2").arg(what, m_owner);
        m_unusable << tr("%1 (%2)").arg(owned, shown(value));
    }

  private:
    const QJsonObject m_json;
    QStringList &m_unusable;
    QString m_owner;
};

const QStringList &reachWords() {
    static const QStringList words{"computer", "network"};
    return words;
}

const QStringList &closeWords() {
    static const QStringList words{"ask", "quit", "minimise"};
    return words;
}
constexpr CloseAction kCloseActions[] = {CloseAction::Ask, CloseAction::Quit, CloseAction::Minimise};

QString wordOf(CloseAction action) {
    for (qsizetype i = 0; i < closeWords().size(); ++i)
        if (kCloseActions[i] == action) return closeWords()[i];
    return closeWords().first();
}

QJsonObject jsonOf(const WebSocketSetup &setup) {
    QJsonArray replies, rules;
    for (const CannedReply &reply : setup.canned) replies.append(QJsonObject{{"name", reply.name}, {"text", reply.text}});
    for (const ReplyRule &rule : setup.rules)
        rules.append(QJsonObject{{"contains", rule.contains}, {"answer", rule.answer}, {"isOn", rule.isOn}});
    return {{"replies", replies}, {"rules", rules}, {"memoryMiB", setup.memoryMiB}};
}

QJsonObject jsonOf(const ServerProfile &profile) {
    QJsonObject options;
    for (const auto &[name, value] : profile.options) options[name] = value;
    return {{"id", profile.id},
            {"name", profile.name},
            {"folder", profile.folder},
            {"port", profile.port},
            {"portWasChosen", profile.portWasChosen},
            {"reach", reachWords()[profile.reach == Reach::MyNetwork ? 1 : 0]},
            {"wasServing", profile.wasServing},
            {"options", options},
            {"webSocket", jsonOf(profile.webSocket)}};
}

std::map<QString, QString> optionsOf(const Fields &fields) {
    std::map<QString, QString> options;
    const QJsonObject json = fields.object("options", tr("the options"));
    for (auto option = json.begin(); option != json.end(); ++option) {
        if (option->isString())
            options[option.key()] = option->toString();
        else
            fields.complain(option.key(), *option);
    }
    return options;
}

WebSocketSetup setupOf(const Fields &profile, QStringList &unusable) {
    const Fields fields(profile.object("webSocket", tr("the WebSocket settings")), unusable, profile.owner());
    WebSocketSetup setup;
    for (const QJsonValue &value : fields.list("replies", tr("the replies"))) {
        const Fields reply(value.toObject(), unusable, profile.owner());
        if (!value.isObject()) fields.complain(tr("a reply"), value);
        setup.canned.append({reply.text("name", tr("the name of a reply")), reply.text("text", tr("the text of a reply"))});
        if (setup.canned.last() == CannedReply{}) setup.canned.removeLast();
    }
    for (const QJsonValue &value : fields.list("rules", tr("the answers"))) {
        const Fields rule(value.toObject(), unusable, profile.owner());
        if (!value.isObject()) fields.complain(tr("an answer"), value);
        setup.rules.append({rule.text("contains", tr("what an answer is for")), rule.text("answer", tr("the text of an answer")),
                            rule.yesOrNo("isOn", tr("the switch of an answer"), true)});
        if (setup.rules.last() == ReplyRule{}) setup.rules.removeLast();
    }
    setup.memoryMiB =
        fields.number("memoryMiB", tr("the memory for messages"), kLeastMessageMemory, kMostMessageMemory, setup.memoryMiB);
    return setup;
}

// Only "network" opens a folder to the network: whatever else stands there is the careful choice.
std::optional<ServerProfile> profileOf(const QJsonValue &json, QStringList &unusable) {
    Fields fields(json.toObject(), unusable);
    const QString folder = json.isObject() ? json["folder"].toString() : QString();
    if (folder.isEmpty()) {
        fields.complain(tr("a folder without a path"), json);
        return std::nullopt;
    }
    ServerProfile profile = ServerProfile::forFolder(folder);
    fields.setOwner(profile.name);
    profile.id = fields.text("id", tr("the mark"), profile.id);
    profile.name = plainText(fields.text("name", tr("the name"), profile.name));
    profile.port = fields.port("port", tr("the port"));
    profile.portWasChosen = fields.yesOrNo("portWasChosen", tr("the choice of the port"), false) && profile.port != 0;
    profile.reach = fields.oneOf("reach", tr("the reach"), reachWords()) == 1 ? Reach::MyNetwork : Reach::ThisComputer;
    profile.wasServing = fields.yesOrNo("wasServing", tr("the last state"), true);
    profile.options = optionsOf(fields);
    profile.webSocket = setupOf(fields, unusable);
    return profile;
}

StoredState stateOf(const QJsonObject &json, QStringList &unusable) {
    const Fields fields(json, unusable);
    StoredState state;
    for (const QJsonValue &value : fields.list("profiles", tr("the folders"))) {
        if (auto profile = profileOf(value, unusable)) state.profiles.append(std::move(*profile));
    }
    state.selectedId = fields.text("selectedId", tr("the chosen folder"));
    for (const QJsonValue &folder : fields.list("recentFolders", tr("the folders served before"))) {
        if (!folder.isString())
            fields.complain(tr("a folder served before"), folder);
        else if (state.recentFolders.size() < kMostRecentFolders)
            state.recentFolders.append(folder.toString());
    }
    state.windowGeometry = fields.bytes("windowGeometry", tr("the window's place"));
    state.tableState = fields.bytes("tableState", tr("the table's columns"));
    state.selectedPage = fields.text("selectedPage", tr("the chosen page"));
    state.toldAboutTray = fields.yesOrNo("toldAboutTray", tr("what was said about the tray"), false);
    state.closeWithoutTray = kCloseActions[fields.oneOf("closeWithoutTray", tr("what closing the window does"), closeWords())];
    return state;
}

QString base64(const QByteArray &bytes) { return QString::fromLatin1(bytes.toBase64()); }

}  // namespace

QByteArray fileTextOf(const StoredState &state) {
    QJsonArray profiles;
    for (const ServerProfile &profile : state.profiles) profiles.append(jsonOf(profile));
    const QJsonObject json{{"version", kStateVersion},
                           {"profiles", profiles},
                           {"selectedId", state.selectedId},
                           {"recentFolders", QJsonArray::fromStringList(state.recentFolders.mid(0, kMostRecentFolders))},
                           {"windowGeometry", base64(state.windowGeometry)},
                           {"tableState", base64(state.tableState)},
                           {"selectedPage", state.selectedPage},
                           {"toldAboutTray", state.toldAboutTray},
                           {"closeWithoutTray", wordOf(state.closeWithoutTray)}};
    return QJsonDocument(json).toJson();
}

std::optional<ReadState> readFileText(const QByteArray &bytes) {
    const QJsonDocument document = QJsonDocument::fromJson(bytes);
    if (!document.isObject() || !document["version"].isDouble()) return std::nullopt;
    ReadState read;
    read.version = document["version"].toInt();
    if (read.version <= kStateVersion) read.state = stateOf(document.object(), read.unusable);
    return read;
}

}  // namespace meerkat::app
