# How everything of ours is compiled: meerkat_flags holds the warnings, the rest goes for the whole build.

find_program(CCACHE ccache)
if(CCACHE)
  # With precompiled headers ccache stores nothing unless it is told that their macros and times may be trusted.
  set(launcher ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()

add_library(meerkat_flags INTERFACE)
target_compile_options(meerkat_flags INTERFACE -Wall -Wextra -Wpedantic $<$<COMPILE_LANGUAGE:CXX>:-Wconversion>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # With optimisation GCC 12 sees these in its own std::string and std::variant, where they are not.
  target_compile_options(meerkat_flags INTERFACE -Wno-restrict -Wno-stringop-overflow -Wno-maybe-uninitialized)
endif()
if(MEERKAT_WERROR)
  target_compile_options(meerkat_flags INTERFACE -Werror)
endif()

# The linker drops what nobody calls: an embedder pays for the functions it uses.
add_compile_options(-ffunction-sections -fdata-sections)
if(APPLE)
  add_link_options(-Wl,-dead_strip)
else()
  add_link_options(-Wl,--gc-sections)
endif()

if(MEERKAT_SANITIZE)
  # Line tables are all that a sanitizer's report needs of the debug information, and they link in half the time.
  add_compile_options(-fsanitize=${MEERKAT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -g1)
  add_link_options(-fsanitize=${MEERKAT_SANITIZE})
endif()

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CCACHE)
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fpch-preprocess>)
endif()

# meerkat_start_fast(TARGET): few shared libraries to look for and to relocate, which is most of what a small program's start costs.
function(meerkat_start_fast target)
  if(CMAKE_SYSTEM_NAME STREQUAL "Linux" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND NOT MEERKAT_SANITIZE)
    target_link_options(${target} PRIVATE -static-libstdc++ -static-libgcc -Wl,-O1 -Wl,--as-needed -Wl,-z,relro)
  elseif(MINGW)
    # One file that runs on any Windows, without the compiler's DLLs beside it.
    target_link_options(${target} PRIVATE -static)
  endif()
endfunction()
