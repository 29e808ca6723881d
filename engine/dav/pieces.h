// Station: uploads that come in pieces, over as many requests and connections as it takes. From server, to os/new_file. What has come of each lies in a
// hidden file in the folder of its place, whose name is made of who sends it and what he calls it; so it outlives the connection and the server.
// Thread: engine.
#pragma once

#include "base/clock.h"
#include "http/content_range.h"
#include "os/new_file.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace meerkat::dav {

// Where an upload goes.
struct PiecePlace {
    os::File folder;         // open
    std::string folderPath;  // below the root, canonical: "/a/b", "" for the root
    std::string name;
    std::string hidden;  // of the file that holds what has come
    std::string key() const { return folderPath + "/" + hidden; }
};

// Who sends what. `id`: as the client calls the upload; "": it is told by `address`, `path` and `total`.
struct PieceOwner {
    std::string_view user;
    std::string_view address;
    std::string_view id;
    std::string_view path;
    std::uint64_t total = 0;
};
std::string hiddenNameOf(const PieceOwner &owner);
// 8 to 64 of letters, digits, '-' and '_'.
bool isUploadId(std::string_view id);

class Pieces;

// A piece on its way to the disk. Destroyed before it was whole: what has come stays.
class Piece final {
  public:
    ~Piece();
    Piece(const Piece &) = delete;
    Piece &operator=(const Piece &) = delete;

    // The next bytes. 0, or the status to refuse with: 400 more than was announced, 409 somebody else goes on with it, 507 the disk is full, which
    // ends the upload: what fills the disk is not to stay there.
    int take(std::string_view bytes);
    // All that was announced has come.
    bool isComplete() const { return m_left == 0; }
    // All of the file has.
    bool isWhole() const;
    std::uint64_t offset() const;
    const os::File &folder() const { return m_file->folder(); }
    // It is whole: 201 for a new file, 204 for one that was replaced, or the status to refuse with: 409 or `takenStatus` where something has
    // the name and nothing is to be replaced. Then nothing of it stays.
    int finish(os::Replacing replacing, int takenStatus, bool isNew);

  private:
    friend class Pieces;
    Piece(Pieces &owner, std::string key, std::unique_ptr<os::NewFile> file, const http::ContentRange &range);
    // Another request goes on with it.
    void dismiss();

    Pieces *m_owner;  // null: dismissed
    std::string m_key;
    std::unique_ptr<os::NewFile> m_file;
    std::uint64_t m_left;
    std::uint64_t m_total;
};

class Pieces {
  public:
    // One more makes the one go that has rested longest.
    static constexpr std::size_t kMostPieces = 4096;

    explicit Pieces(const Clock &clock) : m_clock(clock) {}
    ~Pieces() { forget(); }

    // How many bytes of it are there.
    std::uint64_t offset(const PiecePlace &place) const;
    // The status that ended it, where it is not long ago: who has not heard the answer can ask again. Else 0.
    int finishedStatus(const PiecePlace &place, std::uint64_t total) const;
    // The bytes of `range` go to the disk from now on; whoever sent some until now is cut off. Null, with `status`: 409 they do not follow what is there,
    // which `offset` tells; 403, 405, 423, 500, 503, 507.
    std::unique_ptr<Piece> begin(const os::Root &root, PiecePlace place, const http::ContentRange &range, int &status);
    void giveUp(const PiecePlace &place);

    // A file of an earlier server was found in that folder, which its owner may still go on with.
    void adopt(const std::string &folderPath, const std::string &hidden);
    // To be called now and then: those go that have rested for a day.
    void expire(const os::Root &root);
    bool isEmpty() const { return m_known.empty(); }
    // Another folder is served.
    void forget();

  private:
    friend class Piece;
    struct Known {
        std::uint64_t total = 0;  // 0: not known
        std::int64_t usedSeconds = 0;
        int finished = 0;
        Piece *writer = nullptr;
    };
    using Table = std::map<std::string, Known, std::less<>>;

    bool makeRoom(const os::Root &root);
    void remove(const os::Root &root, const std::string &key);
    void noteEnd(const Piece &piece, int status);

    const Clock &m_clock;
    Table m_known;
    std::int64_t m_expiredSeconds = 0;
};

}  // namespace meerkat::dav
