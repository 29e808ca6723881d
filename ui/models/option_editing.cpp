#include "ui/models/option_editing.h"

#include "app/command_line.h"
#include "app/engine_client.h"
#include "ui/models/option_words.h"

#include <algorithm>

namespace meerkat::ui {
namespace {

// The folder's and the switch's own.
bool isDecidedElsewhere(const std::string &name) { return name == "document_root" || name == "listening_port"; }

// The engine begins its sentences as a program would.
QString asSentence(QString complaint) {
    if (complaint.isEmpty()) return complaint;
    complaint[0] = complaint[0].toUpper();
    return complaint.endsWith(u'.') ? complaint : complaint + u'.';
}

}  // namespace

OptionEditing::OptionEditing(QObject *parent) : QObject(parent), m_facts(app::optionCatalog()) {
    std::erase_if(m_facts, [](const app::OptionFact &fact) { return isDecidedElsewhere(fact.name); });
    for (app::OptionFact &fact : m_facts)
        if (fact.name == "cgi_pattern") fact.defaultValue = app::kNoScripts;
}

void OptionEditing::setClient(app::EngineClient *client) {
    if (m_client) m_client->disconnect(this);
    m_client = client;
    m_questions.clear();
    m_complaints.clear();
    if (client) {
        connect(client, &app::EngineClient::optionsChecked, this, &OptionEditing::take);
        connect(client, &app::EngineClient::refused, this, &OptionEditing::noteRefusal);
        connect(client, &app::EngineClient::profileChanged, this, &OptionEditing::tellAll);
    }
    tellAll();
}

const app::OptionFact *OptionEditing::fact(const QString &name) const {
    const auto found = std::find_if(m_facts.begin(), m_facts.end(),
                                    [&name](const app::OptionFact &each) { return name == QLatin1String(each.name); });
    return found == m_facts.end() ? nullptr : &*found;
}

QString OptionEditing::defaultValue(const QString &name) const {
    const app::OptionFact *known = fact(name);
    return known ? QString::fromStdString(known->defaultValue) : QString();
}

QString OptionEditing::value(const QString &name) const {
    if (!m_client) return defaultValue(name);
    const auto &options = m_client->profile().options;
    const auto found = options.find(name);
    return found == options.end() ? defaultValue(name) : found->second;
}

bool OptionEditing::isChanged(const QString &name) const { return m_client && m_client->profile().options.contains(name); }

QStringList OptionEditing::changedNames() const {
    QStringList names;
    for (const app::OptionFact &each : m_facts)
        if (const QString name = QString::fromStdString(each.name); isChanged(name)) names << name;
    return names;
}

bool OptionEditing::isAbout(const app::OptionFact &fact, const QString &words) {
    const QString name = QString::fromStdString(fact.name);
    const QString all = name + u'\n' + QString(name).replace(u'_', u' ') + u'\n' + optionLabel(name) + u'\n' +
                        optionHelp(QString::fromStdString(fact.help)) + u'\n' + optionGroup(QString::fromStdString(fact.group));
    const QStringList wanted = words.simplified().split(u' ', Qt::SkipEmptyParts);
    return std::all_of(wanted.begin(), wanted.end(),
                       [&all](const QString &word) { return all.contains(word, Qt::CaseInsensitive); });
}

void OptionEditing::set(const QString &name, const QString &value) {
    if (value != this->value(name) || !complaint(name).isEmpty()) ask({{{name, value}}});
}

void OptionEditing::reset(const QString &name) {
    m_complaints.remove(name);
    if (isChanged(name)) keep({{name, defaultValue(name)}});
    emit changed(name);
}

void OptionEditing::resetAll() {
    std::vector<std::pair<QString, QString>> defaults;
    for (const QString &name : changedNames()) defaults.emplace_back(name, defaultValue(name));
    m_complaints.clear();
    keep(defaults);
    tellAll();
}

void OptionEditing::ask(Question question) {
    if (!m_client) return;
    const quint64 ticket = m_client->checkOptions(question.options);
    m_questions.insert(ticket, std::move(question));
}

void OptionEditing::take(quint64 ticket, const QStringList &complaints) {
    const Question question = m_questions.take(ticket);
    std::vector<std::pair<QString, QString>> good;
    QString firstBad;
    for (std::size_t i = 0; i < question.options.size(); ++i) {
        const auto &[name, value] = question.options[i];
        const QString complaint = asSentence(complaints.value(static_cast<qsizetype>(i)));
        m_complaints.remove(name);
        if (complaint.isEmpty())
            good.emplace_back(name, value);
        else if (firstBad.isEmpty())
            firstBad = complaint;
        if (!complaint.isEmpty() && !question.isImport) m_complaints.insert(name, complaint);
    }
    keep(good);
    for (const auto &option : question.options) emit changed(option.first);
    if (!question.isImport) return;
    QString sentence = tr("%n options are taken from the file.", nullptr, static_cast<int>(good.size()));
    if (question.ignored > 0) sentence += u' ' + tr("Its folder and its port stay those of this folder.");
    if (const auto refused = question.options.size() - good.size(); refused > 0)
        sentence += u' ' + tr("%n are not: %1", nullptr, static_cast<int>(refused)).arg(firstBad);
    emit imported(sentence);
}

// What is as it would be anyway is not remembered: a later default counts.
void OptionEditing::keep(const std::vector<std::pair<QString, QString>> &options) {
    if (!m_client || options.empty()) return;
    app::ServerProfile profile = m_client->profile();
    for (const auto &[name, value] : options)
        if (value == defaultValue(name))
            profile.options.erase(name);
        else
            profile.options[name] = value;
    m_client->setProfile(profile);
}

// It was right by itself, and could not be done: a file that can't be made, a port that is taken meanwhile.
void OptionEditing::noteRefusal() {
    const app::Trouble &refusal = m_client->refusal();
    if (!fact(refusal.option)) return;
    m_complaints.insert(refusal.option, refusal.sentence);
    emit changed(refusal.option);
}

void OptionEditing::tellAll() {
    for (const app::OptionFact &each : m_facts) emit changed(QString::fromStdString(each.name));
}

QByteArray OptionEditing::exported() const {
    QByteArray lines = "# Options of a folder served by Meerkat; meerkatd reads them too.\n";
    const auto add = [&lines](const QString &name, const QString &value) {
        lines += name.toUtf8() + ' ' + value.toUtf8() + '\n';
    };
    if (!m_client) return lines;
    const app::ServerProfile &profile = m_client->profile();
    add(QStringLiteral("document_root"), profile.folder);
    const quint16 port = m_client->port() != 0 ? m_client->port() : profile.port;
    const QString host = profile.reach == app::Reach::MyNetwork ? QString() : QStringLiteral("127.0.0.1:");
    if (port != 0) add(QStringLiteral("listening_port"), host + QString::number(port));
    for (const QString &name : changedNames()) add(name, value(name));
    return lines;
}

void OptionEditing::import(const QByteArray &content, const QString &path) {
    const auto config = app::parseConfig(content.toStdString(), path.toStdString());
    if (const auto *refusal = std::get_if<app::Refusal>(&config))
        return emit imported(asSentence(QString::fromStdString(refusal->sentence)));
    Question question;
    question.isImport = true;
    for (const app::Setting &setting : *std::get_if<app::Settings>(&config))
        if (isDecidedElsewhere(setting.name))
            ++question.ignored;
        else
            question.options.emplace_back(QString::fromStdString(setting.name), QString::fromStdString(setting.value));
    ask(std::move(question));
}

}  // namespace meerkat::ui
