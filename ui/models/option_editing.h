// Station: the options of one served folder as a person changes them: asked of the engine first, then kept in the profile and applied. From the Options page, to
// engine_client. What the page next to it decides, the folder and the port, is not among them.
#pragma once

#include "app/option_catalog.h"

#include <QHash>
#include <QObject>
#include <QPointer>

namespace meerkat::app {
class EngineClient;
}

namespace meerkat::ui {

class OptionEditing : public QObject {
    Q_OBJECT
  public:
    explicit OptionEditing(QObject *parent = nullptr);

    // The options there are, in the engine's order.
    const std::vector<app::OptionFact> &facts() const { return m_facts; }
    void setClient(app::EngineClient *client);  // null: none

    QString value(const QString &name) const;  // in force, or the default
    QString defaultValue(const QString &name) const;
    bool isChanged(const QString &name) const;
    QStringList changedNames() const;
    // Why the latest value was not taken; empty where it was.
    QString complaint(const QString &name) const { return m_complaints.value(name); }

    // Answered by changed(name), with a complaint or without.
    void set(const QString &name, const QString &value);
    void reset(const QString &name);
    void resetAll();
    // Whether an option's name, label or help holds every word.
    static bool isAbout(const app::OptionFact &fact, const QString &words);

    // The lines of a config file, which meerkatd reads too.
    QByteArray exported() const;
    // `path`: what is relative counts from its folder. Answered by imported().
    void import(const QByteArray &content, const QString &path);

  signals:
    void changed(const QString &name);
    // A sentence for the person: how many were taken, and the first that was not with its reason.
    void imported(const QString &sentence);

  private:
    struct Question {
        std::vector<std::pair<QString, QString>> options;
        bool isImport = false;
        int ignored = 0;  // what is decided elsewhere
    };

    void ask(Question question);
    void take(quint64 ticket, const QStringList &complaints);
    void keep(const std::vector<std::pair<QString, QString>> &options);
    void noteRefusal();
    void tellAll();
    const app::OptionFact *fact(const QString &name) const;

    std::vector<app::OptionFact> m_facts;
    QPointer<app::EngineClient> m_client;
    QHash<quint64, Question> m_questions;
    QHash<QString, QString> m_complaints;
};

}  // namespace meerkat::ui
