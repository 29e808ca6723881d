// Station: files below a folder -> a ZIP archive, made while it is sent. From static_files, to http_protocol. Memory does not grow with the files: a directory
// entry for each is all that is kept. The bytes of large files go from the system to the socket, read by us for their checksum alone, and not even that
// where it is known from an earlier archive. A file that is written to meanwhile may have another checksum than the archive says: who unpacks it is told.
#pragma once

#include "files/checksum_store.h"
#include "files/folder_walk.h"
#include "files/zip_heads.h"
#include "http/handler.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace meerkat::files {

class ZipSource final : public http::AnswerSource {
  public:
    // `folder`: where the walk begins, which no name in the archive repeats; `title` stands in front of each instead, a folder that holds all, or is empty.
    ZipSource(FolderWalk walk, std::string_view folder, std::string_view title, ChecksumStore &checksums);
    // What can't be opened is left out, and named in a text at the end. A file that fails half way can't be taken back: the connection is cut, so that
    // nobody takes the archive for whole.
    bool produce(http::HttpProtocol &http) override;

  private:
    bool produceFile(http::HttpProtocol &http);
    bool readPiece(std::uint64_t bytes);
    void keepChecksum(std::int64_t nowSeconds);
    bool takeNext(std::string &out);
    void takeFile(std::string &out, os::OpenOutcome opened);
    void begin(std::string &out, std::string name, const os::FileInfo &info);
    void end(std::string &out);
    void add(std::string &out, std::string name, std::string_view text);
    void leaveOut(std::string_view relative);
    void finish(std::string &out);
    // Everything that is sent goes through here: offsets count it.
    void count(const std::string &out) { m_sent += out.size(); }

    FolderWalk m_walk;
    std::size_t m_skipped;  // of each path
    std::string m_prefix;
    ChecksumStore &m_checksums;
    os::File m_file;  // under way
    os::FileInfo m_fileInfo;
    bool m_isKnown = false;    // its checksum, before it is sent
    bool m_hasFailed = false;  // what was begun can't be ended
    std::string m_name;
    ZipEntry m_entry;
    std::uint64_t m_sent = 0;
    std::string m_directory;
    std::uint64_t m_entries = 0;
    std::string m_leftOut;
    std::uint64_t m_leftOutCount = 0;
    std::string m_buffer;
};

}  // namespace meerkat::files
