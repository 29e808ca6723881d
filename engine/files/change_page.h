// Station: what visitors may change in a folder -> the parts of its page that say so, and the page for one entry, for visitors without JavaScript. From
// folder_page and folder_answers. Nothing of it stands in the page of a folder where nothing may be changed.
#pragma once

#include "files/folder_page.h"

#include <string>
#include <string_view>

namespace meerkat::files {

// The style and the script.
std::string_view changesHead(Uploads uploads);
// To send files and to make a folder.
std::string_view changeForms(Uploads uploads);

// What a form has done, as the query says ("done=moved&name=a.txt"), in a sentence; "" if it says nothing of the kind.
std::string doneNotice(Uploads uploads, std::string_view query);

// The link at the end of a row: "?action=change&name=a.txt". From here an entry is renamed, moved and deleted.
void appendChangeLink(std::string &to, std::string_view name);

// The page behind that link. `folderName`: of the folder, as a visitor knows it.
std::string changePage(std::string_view path, std::string_view folderName, const os::FolderEntry &entry);

}  // namespace meerkat::files
