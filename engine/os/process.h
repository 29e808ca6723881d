// Station: the seam to the system for other programs. From scripts/program_run, to the kernel. One file a system: process_posix.cpp,
// process_windows.cpp. Nothing here waits for the program, and nothing is installed that a program around us would notice (no SIGCHLD).
#pragma once

#include "base/result.h"
#include "os/file.h"
#include "os/socket.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace meerkat::os {

// Texts are UTF-8 without '\0'.
struct ProcessPlan {
    // The first is the program, as an absolute path. On Windows a file that is no program is run by what its "#!" line names.
    std::vector<std::string> arguments;
    std::string shellCommand;              // instead of them: a line for the system's shell
    std::vector<std::string> environment;  // "NAME=value", and nothing else
    std::string folder;                    // where it works; absolute
    bool hasInput = false;                 // it reads what is written here
    const File *inputFile = nullptr;  // it reads this, from the beginning; borrowed while it is started. Without either: nothing
};

// A program under way, in a process group (a job) of its own. Gets none of our descriptors but its input, its output and, where ours is open, our
// standard error. Destroyed while it runs: it is ended at once.
class Process {
  public:
    // Fails with the system's reason.
    static Result<std::unique_ptr<Process>> start(const ProcessPlan &plan);
    virtual ~Process() = default;

    // What a poller can watch. A poller tells of their breaking whatever was asked for. kNoSocket once closed.
    virtual SocketHandle input() const = 0;
    virtual SocketHandle output() const = 0;
    // Closed: it reads no more.
    virtual IoOutcome write(std::string_view bytes) = 0;
    // Closed: it writes no more.
    virtual IoOutcome read(std::span<char> bytes) = 0;
    virtual void closeInput() = 0;
    virtual void closeOutput() = 0;

    // The group is asked to end (SIGTERM). Where it has only one way to end, it is ended.
    virtual void askToEnd() = 0;
    virtual void kill() = 0;
    // Whether it is over. Where it was asked to end, what is left of its group ends with it. After true there is nothing left of it in the system.
    virtual bool hasEnded() = 0;
    // Becomes readable when it is over, until hasEnded is asked; kNoSocket where the system has no such thing, and it has to be asked now and then.
    virtual SocketHandle endHandle() const = 0;
    // The system's number of it.
    virtual std::int64_t id() const = 0;
};

// True for a code of start's failure that says that the file may not be run.
bool isNoPermissionToRun(int code);
// True for one that says that there is no room for it now: descriptors, processes, memory.
bool isShortage(int code);

// The absolute path of a program: of a bare name by the search path. Fails with a sentence that names it.
Result<std::string> findProgram(std::string_view name);

// "NAME=value" of what a script needs of our own environment: where programs and temporary files are, and the like.
std::vector<std::string> inheritedEnvironment();

}  // namespace meerkat::os
