#include "app/console.h"

#include "app/utf8_path.h"

#include <mongoose.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include <windows.h>

#include <shellapi.h>

namespace meerkat::app {

namespace {

std::atomic<bool> s_mustFinish = false;
std::atomic<mg_server *> s_server = nullptr;

// Runs on a thread of its own. A console that is closed ends the program as soon as this returns: the main thread gets its
// three seconds first.
BOOL WINAPI onControl(DWORD event) {
    if (s_mustFinish.exchange(true)) return FALSE;
    if (mg_server *server = s_server) mg_wakeup_server(server);
    if (event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT) Sleep(4000);
    return TRUE;
}

std::string utf8Of(const wchar_t *text) { return textOf(std::filesystem::path(text)); }

// As written: an argument is no path, and keeps its backslashes.
std::string argumentOf(const wchar_t *text) {
    const std::u8string utf8 = std::filesystem::path(text).u8string();
    return {utf8.begin(), utf8.end()};
}

// The console without echo, for as long as this lives.
class HiddenInput {
  public:
    HiddenInput() : m_input(GetStdHandle(STD_INPUT_HANDLE)) {
        m_isConsole = GetConsoleMode(m_input, &m_before);
        if (m_isConsole) SetConsoleMode(m_input, m_before & ~static_cast<DWORD>(ENABLE_ECHO_INPUT));
    }
    ~HiddenInput() {
        if (!m_isConsole) return;
        SetConsoleMode(m_input, m_before);
        std::fputc('\n', stderr);
    }

  private:
    HANDLE m_input;
    DWORD m_before = 0;
    bool m_isConsole = false;
};

}  // namespace

// The arguments that main() gets are in the system's code page: a folder may have a name that is not in it.
std::vector<std::string> utf8Arguments(int, char **) {
    int count = 0;
    const std::unique_ptr<LPWSTR, HLOCAL(WINAPI *)(HLOCAL)> wide(CommandLineToArgvW(GetCommandLineW(), &count), LocalFree);
    std::vector<std::string> arguments;
    for (int i = 1; wide && i < count; ++i) arguments.push_back(argumentOf(wide.get()[i]));
    return arguments;
}

std::string programFolder(const char *) {
    std::wstring path(32768, L'\0');
    path.resize(GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size())));
    return utf8Of(std::filesystem::path(path).parent_path().c_str());
}

// Handles of files and sockets never become the standard ones there.
void keepStandardStreams() {}

std::optional<std::string> readFile(const std::string &path, std::size_t mostBytes, std::string &reason) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE *)> file(_wfopen(pathOf(path).c_str(), L"rb"), std::fclose);
    std::string content(file ? mostBytes : 0, '\0');
    if (file) content.resize(std::fread(content.data(), 1, content.size(), file.get()));
    if (file && !std::ferror(file.get())) return content;
    reason = std::generic_category().message(errno);
    return std::nullopt;
}

// Windows has no such signal; a log that was moved away is noticed by the engine.
void heedHangUp(mg_server *) {}

bool mustReopenLog() { return false; }

void finishOnSignals(mg_server *server) {
    s_server = server;
    SetConsoleCtrlHandler(onControl, TRUE);
}

void forgetSignals() {
    SetConsoleCtrlHandler(onControl, FALSE);
    s_server = nullptr;
}

bool mustFinish() { return s_mustFinish; }

std::optional<std::string> askWithoutEcho(const char *prompt) {
    std::fputs(prompt, stderr);
    const HiddenInput hidden;
    std::string line;
    for (int c = std::getchar(); c != EOF; c = std::getchar()) {
        if (c == '\n') return line;
        if (c != '\r') line += static_cast<char>(c);
    }
    return line.empty() ? std::nullopt : std::optional(line);
}

}  // namespace meerkat::app
