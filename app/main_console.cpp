// Station: meerkatd, the server without a screen. Joins command_line, console and the engine.
#include "app/command_line.h"
#include "app/console.h"
#include "app/port_holder.h"
#include "app/serving_settings.h"

#include <mongoose.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace {

using namespace meerkat::app;

constexpr int kFailed = 1;
constexpr std::chrono::seconds kFinishTime{3};
constexpr int kFinishPollMs = 50;
constexpr const char *kNoPort = "listening_port: without a port nobody can be served; 0 takes any that is free";

struct ServerDeleter {
    void operator()(mg_server *server) const { mg_destroy_server(&server); }
};
using Server = std::unique_ptr<mg_server, ServerDeleter>;

// The name of a folder may hold line breaks and commands for a terminal.
std::string onOneLine(const std::string &text) {
    constexpr const char *kDigits = "0123456789abcdef";
    std::string line;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte != 0x7f)
            line += c;
        else
            line.append("\\x").append(1, kDigits[byte >> 4]).append(1, kDigits[byte & 15]);
    }
    return line;
}

int complain(const std::string &sentence) {
    std::fprintf(stderr, "meerkatd: %s\n", onOneLine(sentence).c_str());
    return kFailed;
}

int print(const std::string &text) {
    std::fputs(text.c_str(), stdout);
    return std::fflush(stdout) == 0 ? 0 : kFailed;
}

// Empty if all is well.
std::string complaintAboutFolder(const Setting &setting) {
    if (setting.name != "document_root" || setting.value.empty()) return {};
    const std::string complaint = folderComplaint(troubleWithFolder(setting.value), setting.value);
    return complaint.empty() ? complaint : setting.origin + complaint;
}

// The engine's sentence, with the program that holds the port where the system tells.
std::string complaintAbout(const Setting &setting, const std::string &error) {
    const bool isTaken = setting.name == "listening_port" && kindOfPortTrouble(error) == TroubleKind::PortTaken;
    const std::uint16_t port = isTaken ? listeningPlace(setting.value).port : std::uint16_t(0);
    const std::string holder = isTaken ? programOnPort(port) : "";
    const std::string sentence = holder.empty() ? error : "Port " + std::to_string(port) + " is used by " + holder;
    return setting.origin + setting.name + ": " + sentence + (isTaken ? ". Name another one, or 0 for any that is free" : "");
}

// A listener that whoever started us has opened. Empty if there is none, or all is well.
std::string adoptListener(mg_server *server, const char *descriptor) {
    int socket = -1;
    const char *end = descriptor + std::strlen(descriptor);
    const auto parsed = std::from_chars(descriptor, end, socket);
    const bool isNumber = parsed.ec == std::errc{} && parsed.ptr == end;
    if (isNumber && mg_set_listening_socket(server, socket) == 1) return {};
    return std::string("MONGOOSE_LISTENING_SOCKET: ") + descriptor + " is no descriptor of a listening socket";
}

// The port comes last: nobody is served before everything else is in force.
std::string apply(mg_server *server, const Settings &settings) {
    for (const bool isPortsTurn : {false, true}) {
        for (const Setting &setting : settings) {
            if ((setting.name == "listening_port") != isPortsTurn) continue;
            const char *inherited = isPortsTurn ? std::getenv("MONGOOSE_LISTENING_SOCKET") : nullptr;
            if (inherited) return adoptListener(server, inherited);
            if (isPortsTurn && setting.value.empty()) return setting.origin + kNoPort;
            if (auto complaint = complaintAboutFolder(setting); !complaint.empty()) return complaint;
            const char *error = mg_set_option(server, setting.name.c_str(), setting.value.c_str());
            if (error) return complaintAbout(setting, error);
        }
    }
    return {};
}

std::string startLine(const mg_server *server) {
    const std::string folder = mg_get_option(server, "document_root");
    const ListeningPlace place = listeningPlace(mg_get_option(server, "listening_port"));
    const char *certificate = mg_get_option(server, "ssl_certificate");
    const std::string scheme = certificate && *certificate ? "https://" : "http://";
    return "Serving " + (folder.empty() ? "no folder" : onOneLine(folder)) + " at " + scheme + place.host + ":" +
           std::to_string(place.port) + "/" + (place.isOpenToNetwork ? " (everyone on your network can open it)\n" : "\n");
}

void countIfBusy(const mg_connection_info *info, void *busy) {
    // Half a request is no answer that runs.
    const bool isBusy = info->state != MG_STATE_IDLE && info->state != MG_STATE_READING;
    if (isBusy) ++*static_cast<int *>(busy);
}

bool isAnswering(mg_server *server) {
    int busy = 0;
    mg_visit_connections(server, countIfBusy, &busy);
    return busy > 0;
}

void finishAnswers(mg_server *server) {
    mg_set_option(server, "listening_port", "");
    const auto deadline = std::chrono::steady_clock::now() + kFinishTime;
    while (isAnswering(server) && std::chrono::steady_clock::now() < deadline) mg_poll_server(server, kFinishPollMs);
}

void reopenLogs(mg_server *server) {
    for (const char *name : {"access_log_file", "hexdump_file"}) {
        const std::string path = mg_get_option(server, name);
        if (path.empty()) continue;
        if (const char *error = mg_set_option(server, name, path.c_str())) complain(error);
    }
}

// Says once that lines of the log are lost, and again when the log was begun anew.
class LogWatch {
  public:
    explicit LogWatch(mg_server *server) : m_server(server) {}

    // How long to wait for the next thing to happen: a look that came too early is made up for.
    int pollMs() const {
        if (!m_isDue) return -1;
        const auto rest = m_next - std::chrono::steady_clock::now();
        return static_cast<int>(std::max<std::int64_t>(0, std::chrono::ceil<std::chrono::milliseconds>(rest).count()));
    }

    // After each poll. The counters are those of all connections together: once a second is often enough.
    void look() {
        const auto now = std::chrono::steady_clock::now();
        m_isDue = !m_hasTold && now < m_next;
        if (m_hasTold || m_isDue) return;
        m_next = now + std::chrono::seconds(1);
        tellNews();
    }

    void tellNews() {
        mg_counters counters{};
        mg_get_counters(m_server, &counters);
        const bool isNews = !m_hasTold && counters.log_lines_lost > m_known;
        m_known = counters.log_lines_lost;
        m_hasTold = m_hasTold || isNews;
        if (isNews)
            complain(std::string("access_log_file: lines are lost, ") + mg_get_option(m_server, "access_log_file") +
                     " can't be written to. Is the disk full?");
    }
    void beginAnew() { m_hasTold = false; }

  private:
    mg_server *m_server;
    std::chrono::steady_clock::time_point m_next{};
    unsigned long long m_known = 0;
    bool m_hasTold = false;
    bool m_isDue = false;
};

void serveUntilSignal(mg_server *server, LogWatch &log) {
    while (!mustFinish()) {
        mg_poll_server(server, log.pollMs());
        log.look();
        if (const char *trouble = mg_take_trouble(server)) complain(trouble);
        if (!mustReopenLog()) continue;
        log.tellNews();
        reopenLogs(server);
        log.beginAnew();
    }
}

int serve(const Settings &settings) {
    const Server server(mg_create_server(nullptr, nullptr));
    if (!server) return complain("there is not enough memory, or no descriptor is left");
    if (const std::string complaint = apply(server.get(), settings); !complaint.empty()) return complain(complaint);
    finishOnSignals(server.get());
    heedHangUp(server.get());
    print(startLine(server.get()));
    LogWatch log(server.get());
    serveUntilSignal(server.get(), log);
    finishAnswers(server.get());
    log.tellNews();
    forgetSignals();
    return 0;
}

int carryOut(const Settings &settings) { return serve(settings); }
int carryOut(const ShowHelp &) { return print(helpText()); }
int carryOut(const ShowVersion &) { return print(versionText()); }
int carryOut(const Refusal &refusal) { return complain(refusal.sentence); }

// An empty password takes the user out.
int carryOut(const PasswordEdit &edit) {
    const std::string question = "Password for " + edit.user + ": ";
    const auto password = edit.password ? edit.password : askWithoutEcho(question.c_str());
    if (!password) return complain("no password was given");
    const char *wanted = password->empty() ? nullptr : password->c_str();
    if (mg_modify_passwords_file(edit.file.c_str(), edit.realm.c_str(), edit.user.c_str(), wanted) == 1) return 0;
    return complain("the password file " + edit.file +
                    " can't be changed: is it writable, and are user and realm without colons?");
}

}  // namespace

int main(int argc, char **argv) {
    keepStandardStreams();
    const ConsoleTask task = parseCommandLine(utf8Arguments(argc, argv), programFolder(argc > 0 ? argv[0] : nullptr));
    return std::visit([](const auto &wanted) { return carryOut(wanted); }, task);
}
