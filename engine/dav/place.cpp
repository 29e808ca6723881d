#include "dav/place.h"

namespace meerkat::dav {

namespace {

// One request needs a folder, its list and a file in it.
constexpr int kMostFreed = 4;

std::string_view withoutSlashes(std::string_view path) {
    while (path.starts_with('/')) path.remove_prefix(1);
    while (path.ends_with('/')) path.remove_suffix(1);
    return path;
}

void lookAtEntry(Share &share, Place &place) {
    place.entry = os::entryIn(place.parent, place.name);
    if (place.entry.kind == os::EntryKind::Nothing) return;
    if (!place.isLink()) {
        const bool isPlain = place.entry.kind != os::EntryKind::Other;
        place.state = isPlain ? os::OpenState::Opened : os::OpenState::Refused;
        place.info = place.entry.info;
        return;
    }
    const auto target = share.root()->lookBelow(place.relative());
    place.state = share.hides(target.where) ? os::OpenState::NotFound : target.state;
    place.info = target.info;
    place.where = target.where;
}

Place lookFor(Share &share, std::string_view relative) {
    Place place;
    const std::size_t slash = relative.rfind('/');
    const bool isInRoot = slash == std::string_view::npos;
    const std::string_view above = isInRoot ? std::string_view{} : relative.substr(0, slash);
    auto folder = share.root()->openBelow(above);
    place.parentState = folder.state;
    if (folder.state != os::OpenState::Opened) return place;
    if (folder.info.kind != os::FileKind::Folder || share.hides(folder.where)) {
        place.parentState = os::OpenState::NotFound;
        return place;
    }
    place.parent = std::move(folder.file);
    if (relative.empty()) {
        place.state = os::OpenState::Opened;
        place.info = folder.info;
        place.entry = {os::EntryKind::Folder, folder.info, 0};
        return place;
    }
    place.name = isInRoot ? relative : relative.substr(slash + 1);
    const std::string canonical = folder.where.empty() ? (isInRoot ? "" : "/" + std::string(above)) : folder.where;
    place.path = (canonical == "/" ? "" : canonical) + "/" + place.name;
    lookAtEntry(share, place);
    return place;
}

}  // namespace

Place placeOf(Share &share, std::string_view path) {
    Place place;
    if (!share.root() || share.hides(path)) return place;
    for (int freed = 0;; ++freed) {
        place = lookFor(share, withoutSlashes(path));
        const bool lacks = place.parentState == os::OpenState::NoDescriptors || place.state == os::OpenState::NoDescriptors;
        if (!lacks || freed == kMostFreed || !share.freeDescriptor()) return place;
    }
}

int statusOf(os::OpenState state) {
    switch (state) {
    case os::OpenState::Opened:
        return 0;
    case os::OpenState::NotFound:
    case os::OpenState::Outside:
        return 404;
    case os::OpenState::Refused:
        return 403;
    case os::OpenState::NoDescriptors:
        return 503;
    case os::OpenState::Failed:
        return 500;
    }
    return 500;
}

os::EditState editStateOf(os::WriteState state) {
    switch (state) {
    case os::WriteState::Done:
        return os::EditState::Done;
    case os::WriteState::Exists:
        return os::EditState::Exists;
    case os::WriteState::Busy:
        return os::EditState::Refused;
    case os::WriteState::Impossible:
        return os::EditState::Impossible;
    case os::WriteState::Refused:
        return os::EditState::Refused;
    case os::WriteState::NoRoom:
        return os::EditState::NoRoom;
    case os::WriteState::NoDescriptors:
        return os::EditState::NoDescriptors;
    case os::WriteState::Failed:
        return os::EditState::Failed;
    }
    return os::EditState::Failed;
}

int statusOf(os::EditState state) {
    switch (state) {
    case os::EditState::Done:
        return 0;
    case os::EditState::Absent:
        return 404;
    case os::EditState::Exists:
    case os::EditState::NotEmpty:
        return 409;
    case os::EditState::OtherVolume:
        return 502;
    case os::EditState::Impossible:
    case os::EditState::Refused:
        return 403;
    case os::EditState::NoRoom:
        return 507;
    case os::EditState::NoDescriptors:
        return 503;
    case os::EditState::Failed:
        return 500;
    }
    return 500;
}

}  // namespace meerkat::dav
