# embed_assets(<room>): *.json and page/* of the room's folder become part of the program (asset.h).
function(embed_assets name)
  set(root ${PROJECT_SOURCE_DIR}/src/${name})
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${name}_assets.cc)
  set(script ${PROJECT_SOURCE_DIR}/cmake/embed.cmake)
  file(GLOB files CONFIGURE_DEPENDS ${root}/*.json ${root}/page/*)
  add_custom_command(OUTPUT ${out} DEPENDS ${files} ${script}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DROOT=${root} -P ${script})
  target_sources(elanus_${name} PRIVATE ${out})
endfunction()
