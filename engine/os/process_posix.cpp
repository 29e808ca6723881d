// posix_spawn: the child shares our memory only until it execs, so that a large program with many threads starts one as fast as a small one,
// and nothing of ours runs in it. Pipes, not sockets: scripts open /dev/stdin and /dev/stdout, which Linux refuses for a socket.
#include "os/process.h"

#include "os/failures.h"
#include "os/process_end.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifdef __GLIBC__
#if __GLIBC_PREREQ(2, 34)
#define MEERKAT_SPAWN_CLOSES_FROM
#endif
#endif

namespace meerkat::os {

namespace {

// After SIGKILL a process is gone within a moment, unless a disk holds it up.
constexpr int kMostKillWaits = 1000;
constexpr timespec kKillWait{0, 1'000'000};

constexpr const char *kNowhere = "/dev/null";

int descriptor(const File &file) { return static_cast<int>(file.handle()); }

struct Pipe {
    File readEnd;
    File writeEnd;
};

// 0, 1 and 2 are what the child's ends become: one that lies there already would be overwritten.
File aboveStandard(File file) {
    if (!file.isOpen() || descriptor(file) > STDERR_FILENO) return file;
    return File(fcntl(descriptor(file), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
}

int openPipe(Pipe &made) {
    int ends[2];
#ifdef __APPLE__
    if (pipe(ends) != 0) return errno;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
#else
    if (pipe2(ends, O_CLOEXEC) != 0) return errno;
#endif
    made.readEnd = aboveStandard(File(ends[0]));
    made.writeEnd = aboveStandard(File(ends[1]));
    return made.readEnd.isOpen() && made.writeEnd.isOpen() ? 0 : errno;
}

void makeNonBlocking(const File &file) { fcntl(descriptor(file), F_SETFL, fcntl(descriptor(file), F_GETFL) | O_NONBLOCK); }

// Where a program has closed its standard error the number may belong to one of our own sockets: those are closed on exec.
bool isErrorOpen() {
    const int flags = fcntl(STDERR_FILENO, F_GETFD);
    return flags != -1 && !(flags & FD_CLOEXEC);
}

std::vector<char *> pointersTo(const std::vector<std::string> &texts) {
    std::vector<char *> pointers;
    for (const std::string &text : texts) pointers.push_back(const_cast<char *>(text.c_str()));
    pointers.push_back(nullptr);
    return pointers;
}

// What the child does before it execs.
class SpawnActions {
  public:
    SpawnActions() { posix_spawn_file_actions_init(&m_actions); }
    SpawnActions(const SpawnActions &) = delete;
    SpawnActions &operator=(const SpawnActions &) = delete;
    ~SpawnActions() { posix_spawn_file_actions_destroy(&m_actions); }

    void open(int number, int flags) { note(posix_spawn_file_actions_addopen(&m_actions, number, kNowhere, flags, 0)); }
    void put(const File &file, int number) { note(posix_spawn_file_actions_adddup2(&m_actions, descriptor(file), number)); }
    void enter(const std::string &folder) { note(posix_spawn_file_actions_addchdir_np(&m_actions, folder.c_str())); }
    // What a program around us has left open to its children was not meant for scripts.
    void closeTheRest() {
#ifdef MEERKAT_SPAWN_CLOSES_FROM
        note(posix_spawn_file_actions_addclosefrom_np(&m_actions, STDERR_FILENO + 1));
#elif defined(__APPLE__)
        note(posix_spawn_file_actions_addinherit_np(&m_actions, STDERR_FILENO));
#endif
    }

    int error() const { return m_error; }
    const posix_spawn_file_actions_t *get() const { return &m_actions; }

  private:
    void note(int error) {
        if (m_error == 0) m_error = error;
    }

    posix_spawn_file_actions_t m_actions;
    int m_error = 0;
};

// A session of its own: no terminal, and one number for all that it starts. No signal blocked, none ignored.
class SpawnAttributes {
  public:
    SpawnAttributes() {
        posix_spawnattr_init(&m_attributes);
        sigset_t signals;
        sigemptyset(&signals);
        posix_spawnattr_setsigmask(&m_attributes, &signals);
        sigfillset(&signals);
        sigdelset(&signals, SIGKILL);
        sigdelset(&signals, SIGSTOP);
        posix_spawnattr_setsigdefault(&m_attributes, &signals);
        int flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
#ifdef POSIX_SPAWN_SETSID
        flags |= POSIX_SPAWN_SETSID;
#else
        flags |= POSIX_SPAWN_SETPGROUP;
        posix_spawnattr_setpgroup(&m_attributes, 0);
#endif
#ifdef POSIX_SPAWN_CLOEXEC_DEFAULT
        flags |= POSIX_SPAWN_CLOEXEC_DEFAULT;
#endif
        posix_spawnattr_setflags(&m_attributes, static_cast<short>(flags));
    }
    SpawnAttributes(const SpawnAttributes &) = delete;
    SpawnAttributes &operator=(const SpawnAttributes &) = delete;
    ~SpawnAttributes() { posix_spawnattr_destroy(&m_attributes); }

    const posix_spawnattr_t *get() const { return &m_attributes; }

  private:
    posix_spawnattr_t m_attributes;
};

IoOutcome outcomeOf(ssize_t bytes) {
    if (bytes >= 0) return {IoState::Done, static_cast<std::size_t>(bytes)};
    if (errno == EAGAIN || errno == EWOULDBLOCK) return {IoState::WouldBlock};
    return {errno == EPIPE ? IoState::Closed : IoState::Failed};
}

class PosixProcess final : public Process {
  public:
    PosixProcess(pid_t process, File input, File output)
        : m_process(process), m_number(process), m_input(std::move(input)), m_output(std::move(output)),
          m_end(openProcessEnd(process)) {}
    ~PosixProcess() override;

    SocketHandle input() const override { return m_input.handle(); }
    SocketHandle output() const override { return m_output.handle(); }
    IoOutcome write(std::string_view bytes) override;
    IoOutcome read(std::span<char> bytes) override;
    void closeInput() override { m_input = File(); }
    void closeOutput() override { m_output = File(); }
    void askToEnd() override;
    void kill() override;
    bool hasEnded() override;
    SocketHandle endHandle() const override { return m_end.handle(); }
    std::int64_t id() const override { return m_number; }

  private:
    void tellGroup(int signal) const {
        if (m_process != 0) ::kill(-m_process, signal);
    }

    pid_t m_process;  // 0 once reaped: the number may be another's then
    pid_t m_number;
    File m_input;
    File m_output;
    File m_end;
    bool m_isToEnd = false;
};

PosixProcess::~PosixProcess() {
    if (hasEnded()) return;
    kill();
    for (int waits = 0; waits < kMostKillWaits && !hasEnded(); ++waits) nanosleep(&kKillWait, nullptr);
}

IoOutcome PosixProcess::write(std::string_view bytes) {
    ssize_t count = 0;
    do count = ::write(descriptor(m_input), bytes.data(), bytes.size());
    while (count < 0 && errno == EINTR);
    return outcomeOf(count);
}

IoOutcome PosixProcess::read(std::span<char> bytes) {
    ssize_t count = 0;
    do count = ::read(descriptor(m_output), bytes.data(), bytes.size());
    while (count < 0 && errno == EINTR);
    return count == 0 && !bytes.empty() ? IoOutcome{IoState::Closed} : outcomeOf(count);
}

// One that was stopped would not hear it.
void PosixProcess::askToEnd() {
    m_isToEnd = true;
    tellGroup(SIGTERM);
    tellGroup(SIGCONT);
}

void PosixProcess::kill() {
    m_isToEnd = true;
    tellGroup(SIGKILL);
}

// It is looked at before it is reaped: until then its number, which is its group's, can't be another's. A program around us that ignores SIGCHLD or
// reaps every child leaves nothing to look at.
bool PosixProcess::hasEnded() {
    if (m_process == 0) return true;
    siginfo_t info{};
    const int result = waitid(P_PID, static_cast<id_t>(m_process), &info, WEXITED | WNOHANG | WNOWAIT);
    if (result == 0 && info.si_pid == 0) return false;
    if (result == 0) {
        if (m_isToEnd) tellGroup(SIGKILL);
        waitpid(m_process, nullptr, WNOHANG);
    }
    m_process = 0;
    return true;
}

// Of a link, what it leads to.
bool isRunnable(const std::string &path) {
    struct stat status {};
    return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && access(path.c_str(), X_OK) == 0;
}

}  // namespace

Result<std::unique_ptr<Process>> Process::start(const ProcessPlan &plan) {
    Pipe input, output;
    if (const int error = openPipe(output); error != 0) return systemFailure(error);
    if (plan.hasInput)
        if (const int error = openPipe(input); error != 0) return systemFailure(error);
    SpawnActions actions;
    if (plan.inputFile) {
        lseek(descriptor(*plan.inputFile), 0, SEEK_SET);
        input.readEnd = File(fcntl(descriptor(*plan.inputFile), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
        if (!input.readEnd.isOpen()) return systemFailure(errno);
    }
    if (input.readEnd.isOpen())
        actions.put(input.readEnd, STDIN_FILENO);
    else
        actions.open(STDIN_FILENO, O_RDONLY);
    actions.put(output.writeEnd, STDOUT_FILENO);
    if (!isErrorOpen()) actions.open(STDERR_FILENO, O_WRONLY);
    actions.enter(plan.folder);
    actions.closeTheRest();
    if (actions.error() != 0) return systemFailure(actions.error());
    const bool isForShell = !plan.shellCommand.empty();
    const auto arguments = isForShell ? std::vector<std::string>{"/bin/sh", "-c", plan.shellCommand} : plan.arguments;
    const SpawnAttributes attributes;
    pid_t process = 0;
    const int error = posix_spawn(&process, arguments.front().c_str(), actions.get(), attributes.get(),
                                  pointersTo(arguments).data(), pointersTo(plan.environment).data());
    if (error != 0) return systemFailure(error);
    makeNonBlocking(output.readEnd);
    if (plan.hasInput) makeNonBlocking(input.writeEnd);
    return std::unique_ptr<Process>(
        std::make_unique<PosixProcess>(process, std::move(input.writeEnd), std::move(output.readEnd)));
}

bool isNoPermissionToRun(int code) { return code == EACCES || code == EPERM; }

bool isShortage(int code) { return isDescriptorLimit(code) || code == EAGAIN || code == ENOMEM; }

Result<std::string> findProgram(std::string_view name) {
    const std::string wanted(name);
    if (wanted.find('/') != std::string::npos) {
        const std::unique_ptr<char, decltype(&std::free)> current(getcwd(nullptr, 0), &std::free);
        const std::string path = wanted.starts_with('/') || !current ? wanted : std::string(current.get()) + "/" + wanted;
        if (isRunnable(path)) return path;
        return Failure{"\"" + wanted + "\" is no program that can be run: name a file that is executable", ENOENT};
    }
    const char *searched = std::getenv("PATH");
    std::string_view folders = searched ? searched : "/usr/local/bin:/usr/bin:/bin";
    while (!wanted.empty() && !folders.empty()) {
        const std::string_view folder = folders.substr(0, folders.find(':'));
        const std::string path = std::string(folder) + "/" + wanted;
        if (folder.starts_with('/') && isRunnable(path)) return path;
        folders.remove_prefix(std::min(folder.size() + 1, folders.size()));
    }
    return Failure{"\"" + wanted + "\" is no program of the search path: install it, or name it with its folder", ENOENT};
}

std::vector<std::string> inheritedEnvironment() {
    std::vector<std::string> environment;
    for (const char *name : {"PATH", "TMP", "TEMP", "TMPDIR", "PERLLIB", "MONGOOSE_CGI", "LD_LIBRARY_PATH"})
        if (const char *value = std::getenv(name)) environment.push_back(std::string(name) + "=" + value);
    return environment;
}

}  // namespace meerkat::os
