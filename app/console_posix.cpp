#include "app/console.h"

#include "app/utf8_path.h"

#include <mongoose.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <system_error>

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace meerkat::app {

namespace {

volatile std::sig_atomic_t s_mustFinish = 0;
volatile std::sig_atomic_t s_mustReopen = 0;
volatile std::sig_atomic_t s_endsWithTerminal = 0;
mg_server *volatile s_server = nullptr;

void setHandler(int signal, void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    sigaction(signal, &action, nullptr);
}

void setFinishHandler(void (*handler)(int)) {
    setHandler(SIGINT, handler);
    setHandler(SIGTERM, handler);
}

void onFinish(int) {
    s_mustFinish = 1;
    setFinishHandler(SIG_DFL);
    mg_wakeup_server(s_server);
}

// A terminal that is gone no longer tells its settings, one that is there does: then somebody sent the signal by hand.
bool isTerminalGone() {
    const int before = errno;
    termios settings{};
    const bool isGone = tcgetattr(STDIN_FILENO, &settings) != 0;
    errno = before;
    return isGone;
}

void onHangUp(int signal) {
    if (s_endsWithTerminal != 0 && isTerminalGone()) return onFinish(signal);
    s_mustReopen = 1;
    mg_wakeup_server(s_server);
}

std::string folderOf(const std::filesystem::path &program) {
    std::error_code error;
    const auto whole = std::filesystem::canonical(program, error);
    return error ? std::string() : textOf(whole.parent_path());
}

// Where the shell found a program that was called by its bare name.
std::string folderInPath(const std::string &name) {
    const char *path = std::getenv("PATH");
    std::string rest = path ? path : "";
    while (!rest.empty()) {
        const std::size_t colon = rest.find(':');
        const std::filesystem::path candidate = pathOf(rest.substr(0, colon)) / pathOf(name);
        if (access(candidate.c_str(), X_OK) == 0) return folderOf(candidate);
        rest = colon == std::string::npos ? "" : rest.substr(colon + 1);
    }
    return {};
}

// The terminal without echo, for as long as this lives.
class HiddenInput {
  public:
    HiddenInput() {
        m_isTerminal = tcgetattr(STDIN_FILENO, &m_before) == 0;
        if (!m_isTerminal) return;
        termios hidden = m_before;
        hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    }
    ~HiddenInput() {
        if (!m_isTerminal) return;
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_before);
        std::fputc('\n', stderr);
    }

  private:
    termios m_before{};
    bool m_isTerminal = false;
};

}  // namespace

std::vector<std::string> utf8Arguments(int argc, char **argv) {
    return argc > 1 ? std::vector<std::string>(argv + 1, argv + argc) : std::vector<std::string>();
}

// Linux tells it in /proc; elsewhere the first argument does.
std::string programFolder(const char *firstArgument) {
    const std::string folder = folderOf("/proc/self/exe");
    if (!folder.empty() || !firstArgument) return folder;
    const std::string name = firstArgument;
    return name.find('/') != std::string::npos ? folderOf(pathOf(name)) : folderInPath(name);
}

// open takes the lowest number that is free.
void keepStandardStreams() {
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (fcntl(stream, F_GETFD) < 0) (void)open("/dev/null", O_RDWR);
}

std::optional<std::string> readFile(const std::string &path, std::size_t mostBytes, std::string &reason) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE *)> file(std::fopen(path.c_str(), "rb"), std::fclose);
    std::string content(file ? mostBytes : 0, '\0');
    if (file) content.resize(std::fread(content.data(), 1, content.size(), file.get()));
    if (file && !std::ferror(file.get())) return content;
    reason = std::generic_category().message(errno);
    return std::nullopt;
}

void heedHangUp(mg_server *server) {
    s_server = server;
    struct sigaction inherited {};
    sigaction(SIGHUP, nullptr, &inherited);
    s_endsWithTerminal = isatty(STDIN_FILENO) != 0 && inherited.sa_handler != SIG_IGN;
    setHandler(SIGHUP, onHangUp);
}

bool mustReopenLog() {
    const bool mustReopen = s_mustReopen != 0;
    s_mustReopen = 0;
    return mustReopen;
}

void finishOnSignals(mg_server *server) {
    s_server = server;
    setFinishHandler(onFinish);
}

void forgetSignals() {
    setFinishHandler(SIG_DFL);
    setHandler(SIGHUP, SIG_DFL);
    s_server = nullptr;
}

bool mustFinish() { return s_mustFinish != 0; }

std::optional<std::string> askWithoutEcho(const char *prompt) {
    std::fputs(prompt, stderr);
    const HiddenInput hidden;
    std::string line;
    for (int c = std::getchar(); c != EOF; c = std::getchar()) {
        if (c == '\n') return line;
        line += static_cast<char>(c);
    }
    return line.empty() ? std::nullopt : std::optional(line);
}

}  // namespace meerkat::app
