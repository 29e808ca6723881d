// Station: the seam to the system for files. From the disk, to files/. One file a system: file_posix.cpp (openat2 where Linux has it),
// file_windows.cpp. Paths are UTF-8 with '/' on every system.
#pragma once

#include "base/result.h"
#include "os/socket.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace meerkat::os {

enum class FileKind : std::uint8_t { Regular, Folder, Other };

struct FileInfo {
    FileKind kind = FileKind::Other;
    std::uint64_t size = 0;
    std::int64_t modifiedNs = 0;  // since 1970-01-01 UTC
    std::int64_t changedNs = 0;   // last change of contents or attributes; modifiedNs where the system has no such time
    std::uint64_t volume = 0;     // volume and id name the file: a replaced file has others
    std::uint64_t id = 0;
    bool operator==(const FileInfo &) const = default;
};

// An open file or folder; closes itself.
class File {
  public:
    File() = default;
    explicit File(std::intptr_t handle) : m_handle(handle) {}
    File(File &&other) noexcept;
    File &operator=(File &&other) noexcept;
    ~File();

    bool isOpen() const { return m_handle != -1; }
    std::intptr_t handle() const { return m_handle; }
    std::intptr_t release() { return std::exchange(m_handle, -1); }  // the caller closes it

    // A file wherever it lies, for reading; a pipe is not waited for. Fails with the system's reason in words.
    static Result<File> openToRead(std::string_view path);

    Result<FileInfo> info() const;
    // Up to bytes.size() from `offset`; less only at the end of the file. Does not move any file position.
    Result<std::size_t> readAt(std::uint64_t offset, std::span<char> bytes) const;

  private:
    std::intptr_t m_handle = -1;
};

// True for the failure code that says that no descriptor is left.
bool isDescriptorLimit(int code);

// Opened, or why not. Outside: the path leads out of the root (shown to visitors as not found). Refused: it exists but we may not read it.
enum class OpenState : std::uint8_t { Opened, NotFound, Outside, Refused, NoDescriptors, Failed };
struct OpenOutcome {
    OpenState state = OpenState::Failed;
    File file = {};
    FileInfo info = {};
    // Where a link led to: the path below the root without links, with a leading '/' ("/a/b"; "/" for the root). Empty: no link was in the way.
    std::string where = {};
};

struct FolderEntry {
    std::string name;
    FileInfo info;
    std::string where;  // as in OpenOutcome
};

// A folder below which paths are resolved. Whatever a path holds, nothing outside of the folder is opened: dot segments are refused and a
// symbolic link (or junction) is followed only where it ends inside. The root itself may be a link.
class Root {
  public:
    // Fails with a sentence that names the folder and the reason.
    static Result<std::unique_ptr<Root>> open(std::string_view path);
    virtual ~Root() = default;

    // Opens a file or folder for reading. `relative` has no leading '/'; "" is the root itself. Devices, pipes and sockets: Refused,
    // and opening them never blocks. NUL in the path: NotFound.
    virtual OpenOutcome openBelow(std::string_view relative) const = 0;
    // The same without a descriptor left open: what is there now, also where we may not read it. Fewer system calls than openBelow where
    // the system allows: one for a name in the root itself on POSIX systems.
    virtual OpenOutcome lookBelow(std::string_view relative) const = 0;
    // Something has that name, be it a link that leads nowhere or out, which lookBelow can't tell from nothing. One system call where nothing has.
    virtual bool hasName(std::string_view relative) const = 0;
    // Calls `visit` for each entry but "." and ".."; `info` is of what a link leads to if that is inside. Entries that vanish meanwhile or
    // lead outside are left out. `visit` returns false to stop. Opened: the folder was read.
    virtual OpenState list(const File &folder, std::string_view relative,
                           const std::function<bool(FolderEntry &&)> &visit) const = 0;
    // True while the folder is still there and readable (a removed folder, an unplugged disk: false), or if no descriptor is left to tell.
    // Also false once the path given to open names another folder, because it was replaced or a link was turned: opening it anew gives that one.
    virtual bool isReachable() const = 0;
    // The same folder, for work that outlives this one. Null: no descriptors.
    virtual std::unique_ptr<Root> again() const = 0;
    // Where it is: absolute, without links, and without a '/' at the end ("" for "/"); fails where the system does not tell.
    virtual Result<std::string> whereItIs() const = 0;
};

// Moves file bytes to a socket without a copy of ours where the system can (sendfile, TransmitFile-like), else through `scratch`.
// Done with 0 bytes: the file is shorter than that.
IoOutcome sendFileRange(SocketHandle socket, const File &file, std::uint64_t offset, std::size_t bytes, std::span<char> scratch);

// A file that is only appended to (logs). Creates it. Fails with a sentence that names it.
class AppendFile {
  public:
    static Result<std::unique_ptr<AppendFile>> open(std::string_view path);
    virtual ~AppendFile() = default;
    // How many bytes were written: not all where the disk is full and the like.
    virtual std::size_t append(std::string_view bytes) = 0;
    virtual bool wasMovedAway() const = 0;  // the path now names another file or none
    // 0 also for what is no regular file.
    virtual std::uint64_t size() const = 0;
};

// Gives a file another name; what had that name is gone at the same moment. False: it can't be, and nothing was changed.
bool renameFile(std::string_view from, std::string_view to);

}  // namespace meerkat::os
