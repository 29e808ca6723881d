// CreateProcess, with the few handles that are meant, in a job that ends with all its processes. Pipes can't be polled here: pipe_pump_windows makes
// sockets of them.
#include "os/process.h"

#include "os/failures.h"
#include "os/pipe_pump_windows.h"
#include "os/windows_programs.h"

#include "os/file_windows.h"

#include <algorithm>
#include <array>

namespace meerkat::os {

namespace {

constexpr DWORD kPipeBytes = 64 * 1024;
constexpr std::size_t kHashBangBytes = 512;
// How long the end of a job that was terminated is waited for.
constexpr DWORD kKillWaitMs = 1000;

Failure lastFailure() { return systemFailure(static_cast<int>(GetLastError())); }

File owned(HANDLE handle) { return File(reinterpret_cast<std::intptr_t>(handle == nullptr ? INVALID_HANDLE_VALUE : handle)); }

std::wstring environmentValue(const wchar_t *name) {
    std::wstring value(GetEnvironmentVariableW(name, nullptr, 0), L'\0');
    value.resize(GetEnvironmentVariableW(name, value.data(), static_cast<DWORD>(value.size())));
    return value;
}

// ---- what is run ----

std::wstring searched(const std::wstring &name) {
    const std::wstring folders = environmentValue(L"PATH");
    std::wstring path(MAX_PATH * 4, L'\0');
    path.resize(SearchPathW(folders.c_str(), name.c_str(), L".exe", static_cast<DWORD>(path.size()), path.data(), nullptr));
    return path;
}

bool isFile(const std::wstring &path) {
    const DWORD attributes = GetFileAttributesW(path.c_str());
    return attributes != INVALID_FILE_ATTRIBUTES && !(attributes & FILE_ATTRIBUTE_DIRECTORY);
}

// Of a path that other systems have ("/usr/bin/perl") the last name is looked for.
std::wstring programNamed(std::string_view name) {
    const std::wstring path = nativePath(name);
    if (name.find_first_of("/\\") != std::string_view::npos && isFile(path)) return path;
    return searched(toWide(name.substr(name.find_last_of("/\\") + 1)).value_or(L""));
}

// A script's arguments with what runs it before them. Empty: it can't be run.
std::vector<std::string> runnable(std::vector<std::string> arguments) {
    const auto script = File::openToRead(arguments.front());
    std::string beginning(kHashBangBytes, '\0');
    const auto read = script ? script->readAt(0, beginning) : Result<std::size_t>(script.failure());
    if (!read) return {};
    beginning.resize(*read);
    if (beginning.starts_with("MZ")) return arguments;
    const auto words = hashBang(beginning);
    const std::wstring program = words ? programNamed(words->front()) : std::wstring();
    if (program.empty()) {
        SetLastError(ERROR_BAD_EXE_FORMAT);
        return {};
    }
    arguments.insert(arguments.begin(), words->begin(), words->end());
    arguments.front() = toUtf8(program).value_or("");
    return arguments;
}

std::wstring commandLine(const std::vector<std::string> &arguments) {
    std::string line;
    for (const std::string &argument : arguments) line.append(line.empty() ? "" : " ").append(quotedArgument(argument));
    return toWide(line).value_or(L"");
}

// With /s the shell takes off the first and the last quote, and leaves what is between as it is.
std::wstring shellLine(const std::wstring &shell, const std::string &command) {
    return L"\"" + shell + L"\" /d /s /c \"" + toWide(command).value_or(L"") + L"\"";
}

// Sorted as Windows keeps them, each with its end, and one more end.
std::wstring environmentBlock(const std::vector<std::string> &environment) {
    std::vector<std::wstring> lines;
    for (const std::string &line : environment)
        if (auto wide = toWide(line)) lines.push_back(std::move(*wide));
    std::sort(lines.begin(), lines.end(), [](const std::wstring &a, const std::wstring &b) {
        return CompareStringOrdinal(a.data(), static_cast<int>(a.size()), b.data(), static_cast<int>(b.size()), TRUE) ==
               CSTR_LESS_THAN;
    });
    std::wstring block;
    for (const std::wstring &line : lines) block.append(line).push_back(L'\0');
    if (block.empty()) block.push_back(L'\0');
    block.push_back(L'\0');
    return block;
}

// ---- what it gets ----

// A copy that the child inherits.
File forChild(HANDLE handle) {
    HANDLE copy = INVALID_HANDLE_VALUE;
    const HANDLE self = GetCurrentProcess();
    if (!DuplicateHandle(self, handle, self, &copy, 0, TRUE, DUPLICATE_SAME_ACCESS)) return File();
    return owned(copy);
}

File nowhere(DWORD rights) {
    SECURITY_ATTRIBUTES inherited{sizeof inherited, nullptr, TRUE};
    return owned(CreateFileW(L"NUL", rights, FILE_SHARE_READ | FILE_SHARE_WRITE, &inherited, OPEN_EXISTING, 0, nullptr));
}

struct Streams {
    File input, output, error;   // the child's
    File inputPipe, outputPipe;  // our ends of pipes
    bool isWhole() const { return input.isOpen() && output.isOpen() && error.isOpen(); }
};

// Ours and the child's end.
bool makePipe(File &readEnd, File &writeEnd) {
    HANDLE ends[2];
    if (!CreatePipe(&ends[0], &ends[1], nullptr, kPipeBytes)) return false;
    readEnd = owned(ends[0]);
    writeEnd = owned(ends[1]);
    return true;
}

Streams streamsFor(const ProcessPlan &plan) {
    Streams streams;
    File end;
    if (makePipe(streams.outputPipe, end)) streams.output = forChild(nativeHandle(end));
    if (plan.inputFile) {
        SetFilePointerEx(nativeHandle(*plan.inputFile), {}, nullptr, FILE_BEGIN);
        streams.input = forChild(nativeHandle(*plan.inputFile));
    } else if (!plan.hasInput) {
        streams.input = nowhere(GENERIC_READ);
    } else if (makePipe(end, streams.inputPipe)) {
        streams.input = forChild(nativeHandle(end));
    }
    const HANDLE ours = GetStdHandle(STD_ERROR_HANDLE);
    if (ours != nullptr && ours != INVALID_HANDLE_VALUE) streams.error = forChild(ours);
    if (!streams.error.isOpen()) streams.error = nowhere(GENERIC_WRITE);
    return streams;
}

// Nothing but these is inherited.
class HandleList {
  public:
    explicit HandleList(const Streams &streams)
        : m_handles{nativeHandle(streams.input), nativeHandle(streams.output), nativeHandle(streams.error)} {
        SIZE_T bytes = 0;
        InitializeProcThreadAttributeList(nullptr, 1, 0, &bytes);
        m_memory.resize(bytes);
        m_isMade = InitializeProcThreadAttributeList(get(), 1, 0, &bytes) &&
                   UpdateProcThreadAttribute(get(), 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, m_handles.data(), sizeof m_handles,
                                             nullptr, nullptr);
    }
    HandleList(const HandleList &) = delete;
    HandleList &operator=(const HandleList &) = delete;
    ~HandleList() { DeleteProcThreadAttributeList(get()); }

    bool isMade() const { return m_isMade; }
    LPPROC_THREAD_ATTRIBUTE_LIST get() { return reinterpret_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(m_memory.data()); }

  private:
    std::array<HANDLE, 3> m_handles;
    std::vector<char> m_memory;
    bool m_isMade = false;
};

class WindowsProcess final : public Process {
  public:
    WindowsProcess(File process, File job, SocketHandle input, SocketHandle output)
        : m_process(std::move(process)), m_job(std::move(job)), m_input(input), m_output(output) {}
    ~WindowsProcess() override;

    SocketHandle input() const override { return m_input; }
    SocketHandle output() const override { return m_output; }
    IoOutcome write(std::string_view bytes) override { return sendBytes(m_input, bytes, false); }
    IoOutcome read(std::span<char> bytes) override { return receive(m_output, bytes); }
    void closeInput() override { closeOne(m_input); }
    void closeOutput() override { closeOne(m_output); }
    // There is no asking.
    void askToEnd() override { kill(); }
    // Where another program's job keeps it out of ours, it alone.
    void kill() override {
        TerminateJobObject(nativeHandle(m_job), 1);
        TerminateProcess(nativeHandle(m_process), 1);
    }
    bool hasEnded() override { return WaitForSingleObject(nativeHandle(m_process), 0) == WAIT_OBJECT_0; }
    SocketHandle endHandle() const override { return kNoSocket; }
    std::int64_t id() const override { return GetProcessId(nativeHandle(m_process)); }

  private:
    static void closeOne(SocketHandle &socket) {
        if (socket != kNoSocket) closeSocket(std::exchange(socket, kNoSocket));
    }

    File m_process;
    File m_job;
    SocketHandle m_input;
    SocketHandle m_output;
};

WindowsProcess::~WindowsProcess() {
    closeInput();
    closeOutput();
    if (hasEnded()) return;
    kill();
    WaitForSingleObject(nativeHandle(m_process), kKillWaitMs);
}

}  // namespace

Result<std::unique_ptr<Process>> Process::start(const ProcessPlan &plan) {
    const bool isForShell = !plan.shellCommand.empty();
    const std::wstring shell = environmentValue(L"COMSPEC");
    const auto arguments = isForShell ? std::vector<std::string>{} : runnable(plan.arguments);
    if (!isForShell && arguments.empty()) return lastFailure();
    const std::wstring program = isForShell ? shell : nativePath(arguments.front());
    std::wstring line = isForShell ? shellLine(shell, plan.shellCommand) : commandLine(arguments);
    Streams streams = streamsFor(plan);
    if (!streams.isWhole()) return lastFailure();
    HandleList handles(streams);
    File job = owned(CreateJobObjectW(nullptr, nullptr));
    if (!handles.isMade() || !job.isOpen()) return lastFailure();
    STARTUPINFOEXW how{};
    how.StartupInfo.cb = sizeof how;
    how.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
    how.StartupInfo.hStdInput = nativeHandle(streams.input);
    how.StartupInfo.hStdOutput = nativeHandle(streams.output);
    how.StartupInfo.hStdError = nativeHandle(streams.error);
    how.lpAttributeList = handles.get();
    std::wstring environment = environmentBlock(plan.environment);
    std::wstring folder = toWide(plan.folder).value_or(L"");
    std::replace(folder.begin(), folder.end(), L'/', L'\\');
    PROCESS_INFORMATION made{};
    const DWORD flags = CREATE_NO_WINDOW | CREATE_UNICODE_ENVIRONMENT | EXTENDED_STARTUPINFO_PRESENT | CREATE_SUSPENDED;
    if (!CreateProcessW(program.c_str(), line.data(), nullptr, nullptr, TRUE, flags, environment.data(), folder.c_str(),
                        &how.StartupInfo, &made))
        return lastFailure();
    File process = owned(made.hProcess);
    const File thread = owned(made.hThread);
    // In the job before it can start another.
    AssignProcessToJobObject(nativeHandle(job), made.hProcess);
    int error = 0;
    const SocketHandle output = pumpOutOf(std::move(streams.outputPipe), error);
    const SocketHandle input = plan.hasInput && error == 0 ? pumpInto(std::move(streams.inputPipe), error) : kNoSocket;
    auto begun = std::make_unique<WindowsProcess>(std::move(process), std::move(job), input, output);
    if (error != 0) return systemFailure(error);
    ResumeThread(made.hThread);
    return std::unique_ptr<Process>(std::move(begun));
}

bool isNoPermissionToRun(int code) { return code == ERROR_ACCESS_DENIED; }

bool isShortage(int code) {
    return isDescriptorLimit(code) || code == ERROR_NOT_ENOUGH_MEMORY || code == ERROR_NO_SYSTEM_RESOURCES ||
           code == ERROR_MAX_THRDS_REACHED;
}

Result<std::string> findProgram(std::string_view name) {
    const bool isPath = name.find_first_of("/\\") != std::string_view::npos;
    const std::wstring path = name.empty() ? std::wstring() : isPath ? nativePath(name) : searched(toWide(name).value_or(L""));
    const auto found = !path.empty() && isFile(path) ? toUtf8(path) : std::nullopt;
    if (found) return *found;
    return Failure{"\"" + std::string(name) + "\" is no program that can be run: name it as it is called, or with its folder",
                   ERROR_FILE_NOT_FOUND};
}

std::vector<std::string> inheritedEnvironment() {
    std::vector<std::string> environment;
    for (const wchar_t *name :
         {L"PATH", L"TMP", L"TEMP", L"TMPDIR", L"PERLLIB", L"MONGOOSE_CGI", L"LD_LIBRARY_PATH", L"COMSPEC", L"SYSTEMROOT",
          L"SystemDrive", L"ProgramFiles", L"ProgramFiles(x86)", L"CommonProgramFiles(x86)"}) {
        const auto line = toUtf8(std::wstring(name) + L"=" + environmentValue(name));
        if (line && !line->ends_with('=')) environment.push_back(*line);
    }
    return environment;
}

}  // namespace meerkat::os
