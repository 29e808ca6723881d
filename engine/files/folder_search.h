// Station: words -> what below a folder has them in its name, found while it is sent. From static_files, to http_protocol. Bounded in what it looks at and in
// what it shows, and says so where a bound was met.
#pragma once

#include "files/folder_walk.h"
#include "http/handler.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace meerkat::files {

// How what was found is written.
class FoundWriter {
  public:
    virtual ~FoundWriter() = default;
    // `below`: its path below the folder that is searched, a folder's without a '/' at the end.
    virtual void add(std::string &out, std::string_view below, const os::FileInfo &info) = 0;
    // `isWhole`: everything was looked at.
    virtual void end(std::string &out, std::uint64_t found, bool isWhole) = 0;
};

class SearchSource final : public http::AnswerSource {
  public:
    static constexpr std::uint64_t kMostFound = 1000;
    static constexpr std::uint64_t kMostSeen = 500'000;

    // `beginning` is sent first. `folder`: where the walk begins.
    SearchSource(FolderWalk walk, std::string_view folder, std::string_view words, std::string beginning,
                 std::unique_ptr<FoundWriter> writer);
    bool produce(http::HttpProtocol &http) override;

  private:
    bool look(std::string &out);
    bool isFound(std::string_view name) const;

    FolderWalk m_walk;
    std::size_t m_skipped;             // of each path
    std::vector<std::string> m_words;  // folded; a name must have all of them
    std::string m_out;
    std::unique_ptr<FoundWriter> m_writer;
    std::uint64_t m_seen = 0;
    std::uint64_t m_found = 0;
};

// Rows of a page, and below them how many there are.
std::unique_ptr<FoundWriter> foundRows(std::string ending);
// Members of a JSON array that the beginning opened, and the end of the object around it.
std::unique_ptr<FoundWriter> foundJson();

}  // namespace meerkat::files
