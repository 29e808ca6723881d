// Station: what a program in a terminal asks its system for. From main_console. One file a system: console_posix.cpp,
// console_windows.cpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

struct mg_server;

namespace meerkat::app {

// Where standard input, output or error is closed it leads nowhere from now on, or a socket or a log would take its place and get what is said to it.
void keepStandardStreams();

// Without the program's own name, in UTF-8.
std::vector<std::string> utf8Arguments(int argc, char **argv);
// The folder of the running program; empty if the system does not tell.
std::string programFolder(const char *firstArgument);

// The first `mostBytes` of a file; nothing if it can't be read, and `reason` is the system's then.
std::optional<std::string> readFile(const std::string &path, std::size_t mostBytes, std::string &reason);

// From now on SIGHUP, where there is one, wakes the server and sets mustReopenLog(); or mustFinish(), if it came because the terminal that
// the program was started in is gone, and the program was not started to outlive it (nohup).
void heedHangUp(mg_server *server);
// True once for each request.
bool mustReopenLog();

// From now on SIGINT and SIGTERM (Ctrl+C, a closed console) set mustFinish() and wake the server. A second one ends the
// program at once.
void finishOnSignals(mg_server *server);
// To be called before the server is destroyed: the signals have their usual meaning again.
void forgetSignals();
bool mustFinish();

// A line typed without being shown; nothing at the end of the input.
std::optional<std::string> askWithoutEcho(const char *prompt);

}  // namespace meerkat::app
