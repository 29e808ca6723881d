# embed_resources(TARGET NAME FOLDER): compiles every file of FOLDER into TARGET. The generated header NAME.h declares
#   namespace meerkat::resources { struct Embedded { std::string_view name, bytes; }; std::span<const Embedded> NAME(); }
# and changes of the files are seen by the next build.
function(embed_resources target name folder)
  file(GLOB files CONFIGURE_DEPENDS ${folder}/*)
  set(header ${CMAKE_CURRENT_BINARY_DIR}/embedded/${name}.h)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/embedded/${name}.cpp)
  add_custom_command(OUTPUT ${header} ${source}
    COMMAND ${CMAKE_COMMAND} -DNAME=${name} -DHEADER=${header} -DSOURCE=${source} "-DFILES=${files}"
            -P ${CMAKE_SOURCE_DIR}/installers/cmake/embed_files.cmake
    DEPENDS ${files} ${CMAKE_SOURCE_DIR}/installers/cmake/embed_files.cmake VERBATIM)
  target_sources(${target} PRIVATE ${header} ${source})
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/embedded)
endfunction()
