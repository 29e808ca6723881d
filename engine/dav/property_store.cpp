#include "dav/property_store.h"

#include "base/text.h"
#include "dav/place.h"
#include "os/new_file.h"

#include <array>

namespace meerkat::dav {

namespace {

constexpr std::string_view kFirstLine = "meerkat properties 1\n";

os::EditState putFile(const os::File &folder, std::string_view name, std::string_view text) {
    os::File own = os::again(folder);
    if (!own.isOpen()) return os::EditState::NoDescriptors;
    auto state = os::WriteState::Done;
    const auto file = os::NewFile::create(std::move(own), name, state);
    if (file) state = file->append(text);
    if (file && state == os::WriteState::Done) state = file->finish(os::Replacing::Yes);
    return editStateOf(state);
}

// One decimal number, and what follows it.
std::optional<std::size_t> takeNumber(std::string_view &text, char end) {
    const std::size_t stop = text.find(end);
    if (stop == std::string_view::npos) return std::nullopt;
    const auto number = parseDecimal(text.substr(0, stop), kMostStoredBytes);
    text.remove_prefix(stop + 1);
    if (!number) return std::nullopt;
    return static_cast<std::size_t>(*number);
}

}  // namespace

// The lengths of four texts in a line, then the texts: nothing has to be escaped, and nothing to be guessed.
std::string storedText(const DeadProperties &properties) {
    std::string text(kFirstLine);
    for (const DeadProperty &one : properties) {
        const std::array<const std::string *, 4> parts{&one.name.space, &one.name.local, &one.language, &one.value};
        for (const std::string *part : parts) text.append(std::to_string(part->size())).append(part == parts.back() ? "\n" : " ");
        for (const std::string *part : parts) text.append(*part);
        text.append("\n");
    }
    return text;
}

std::optional<DeadProperties> readStored(std::string_view text) {
    if (!text.starts_with(kFirstLine)) return std::nullopt;
    text.remove_prefix(kFirstLine.size());
    DeadProperties properties;
    while (!text.empty()) {
        DeadProperty one;
        const std::array<std::string *, 4> parts{&one.name.space, &one.name.local, &one.language, &one.value};
        std::array<std::size_t, 4> sizes{};
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const auto size = takeNumber(text, i + 1 == parts.size() ? '\n' : ' ');
            if (!size) return std::nullopt;
            sizes[i] = *size;
        }
        for (std::size_t i = 0; i < parts.size(); ++i) {
            if (text.size() < sizes[i]) return std::nullopt;
            *parts[i] = text.substr(0, sizes[i]);
            text.remove_prefix(sizes[i]);
        }
        if (!text.starts_with('\n') || one.name.local.empty()) return std::nullopt;
        text.remove_prefix(1);
        properties.push_back(std::move(one));
    }
    return properties;
}

const os::File *PropertyStore::members() {
    if (m_state == State::Unknown) {
        auto state = os::EditState::Done;
        m_members = os::openFolderIn(m_folder, os::kMemberProperties, state);
        m_state = m_members.isOpen() ? State::Open : State::Missing;
    }
    return m_state == State::Open ? &m_members : nullptr;
}

const os::File *PropertyStore::placeOf(std::string_view name, std::string &fileName) {
    fileName = name.empty() ? os::kOwnProperties : name;
    return name.empty() ? &m_folder : members();
}

DeadProperties PropertyStore::read(std::string_view name, bool &isBroken) {
    isBroken = false;
    std::string fileName;
    const os::File *folder = placeOf(name, fileName);
    if (!folder) return {};
    auto state = os::EditState::Done;
    const os::File file = os::openFileIn(*folder, fileName, state);
    if (state == os::EditState::Absent) return {};
    const auto info = file.isOpen() ? file.info() : Result<os::FileInfo>(Failure{});
    isBroken = true;
    if (!info || info->size > kMostStoredBytes) return {};
    std::string text(static_cast<std::size_t>(info->size), '\0');
    const auto count = file.readAt(0, text);
    auto properties = count && *count == text.size() ? readStored(text) : std::nullopt;
    if (!properties) return {};
    isBroken = false;
    return std::move(*properties);
}

os::EditState PropertyStore::write(std::string_view name, const DeadProperties &properties) {
    if (properties.empty()) return remove(name);
    const std::string text = storedText(properties);
    if (text.size() > kMostStoredBytes) return os::EditState::NoRoom;
    if (!name.empty() && !members()) {
        const os::EditState made = os::makeFolderIn(m_folder, os::kMemberProperties);
        if (made != os::EditState::Done && made != os::EditState::Exists) return made;
        m_state = State::Unknown;
    }
    std::string fileName;
    const os::File *folder = placeOf(name, fileName);
    // What has the name of the store is no folder.
    return folder ? putFile(*folder, fileName, text) : os::EditState::Refused;
}

// Their folder goes with the last of them.
os::EditState PropertyStore::remove(std::string_view name) {
    std::string fileName;
    const os::File *folder = placeOf(name, fileName);
    if (!folder) return os::EditState::Done;
    const os::EditState state = os::removeFileIn(*folder, fileName);
    if (state == os::EditState::Absent) return os::EditState::Done;
    if (state != os::EditState::Done || name.empty()) return state;
    // Closed before it goes: Windows keeps the name of what is open.
    m_members = os::File();
    m_state = State::Unknown;
    (void)os::removeFolderIn(m_folder, os::kMemberProperties);
    return state;
}

os::EditState PropertyStore::copyFrom(PropertyStore &other, std::string_view otherName, std::string_view name) {
    bool isBroken = false;
    const DeadProperties properties = other.read(otherName, isBroken);
    return isBroken ? os::EditState::Failed : write(name, properties);
}

}  // namespace meerkat::dav
