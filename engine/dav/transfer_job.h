// Station: COPY and MOVE -> files in their new place. From dav/service. RFC 4918 sections 9.8 and 9.9.
// What is copied is put together under a hidden name beside its place, and gets its name when it is whole: until then, and on a full disk, what was there
// before is there. What it replaces is taken aside in one step, and removed after that.
#pragma once

#include "dav/place.h"
#include "dav/tree_copier.h"
#include "dav/tree_job.h"

#include <memory>
#include <optional>
#include <string>

namespace meerkat::dav {

struct Transfer {
    std::unique_ptr<os::Root> root;  // its own: it may outlive the share's
    Place from;
    Place to;
    bool isMove = false;
    bool isDeep = true;
};

class TransferJob final : public TreeJob {
  public:
    TransferJob(const Share &share, Transfer transfer) : m_share(share), m_transfer(std::move(transfer)) {}
    // Not done: what has a hidden name goes, so that nothing of it stays.
    ~TransferJob() override;
    bool work() override;

  private:
    enum class Phase : std::uint8_t { Begin, ScanTarget, ScanSource, Copy, RemoveSource, RemoveAside, DropCopy, Done };

    void finish(int status);
    void begin();
    void afterTargetScan();
    void rename();
    void beginCopy();
    void afterSourceScan();
    void afterCopy();
    void afterSourceRemoval();
    void afterPlacing();
    void dropCopy(int status);
    os::EditState putInPlace(const os::File &folder, const std::string &name);
    os::EditState putAside(const os::File &folder, const std::string &name);
    void beginRemoving(Phase phase, const os::File &folder, const std::string &name, const std::string &path,
                       std::vector<Trouble> &troubles);
    bool isFolderTaken() const { return m_transfer.to.entry.kind == os::EntryKind::Folder; }
    // Files and links are moved as they are; a folder only as one.
    bool movesFolder() const { return m_transfer.from.entry.kind == os::EntryKind::Folder; }

    const Share &m_share;
    Transfer m_transfer;
    Phase m_phase = Phase::Begin;
    std::optional<HiddenScan> m_scan;
    std::optional<TreeCopier> m_copier;
    std::optional<TreeRemover> m_remover;
    std::string m_staged;  // the hidden name of the copy; "" where it goes to its place at once
    std::string m_aside;   // the hidden name of what was replaced; "" where nothing was
    std::vector<Trouble> m_untold;
};

// DELETE (section 9.6).
class RemoveJob final : public TreeJob {
  public:
    RemoveJob(const Share &share, Place place) : m_share(share), m_place(std::move(place)) {}
    bool work() override;

  private:
    bool finish(int status) {
        m_status = status;
        return false;
    }

    const Share &m_share;
    Place m_place;
    std::optional<HiddenScan> m_scan;
    std::optional<TreeRemover> m_remover;
};

}  // namespace meerkat::dav
