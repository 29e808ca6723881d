# Writes HEADER and SOURCE with the bytes of FILES (a list). Run by EmbedResources.cmake in script mode.
file(WRITE ${HEADER} "#pragma once
#include <span>
#include <string_view>
namespace meerkat::resources {
struct Embedded {
    std::string_view name;
    std::string_view bytes;
};
std::span<const Embedded> ${NAME}();
}  // namespace meerkat::resources
")
set(arrays "")
set(rows "")
set(index 0)
foreach(file IN LISTS FILES)
  get_filename_component(base ${file} NAME)
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(APPEND arrays "const unsigned char file${index}[] = {${bytes}0};\n")
  string(APPEND rows "    {\"${base}\", {reinterpret_cast<const char *>(file${index}), sizeof file${index} - 1}},\n")
  math(EXPR index "${index} + 1")
endforeach()
file(WRITE ${SOURCE} "#include \"${NAME}.h\"
namespace meerkat::resources {
namespace {
${arrays}const Embedded rows[] = {
${rows}};
}
std::span<const Embedded> ${NAME}() { return rows; }
}  // namespace meerkat::resources
")
