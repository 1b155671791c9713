# The messages that protoc makes of milvus.proto, compiled into store_milvus; its sources include <store_milvus/milvus.pb.h>.
find_program(ELANUS_PROTOC protoc REQUIRED)
set(generated ${PROJECT_BINARY_DIR}/generated)
set(proto ${PROJECT_SOURCE_DIR}/src/store_milvus/milvus.proto)
file(MAKE_DIRECTORY ${generated}/store_milvus)
add_custom_command(OUTPUT ${generated}/store_milvus/milvus.pb.cc ${generated}/store_milvus/milvus.pb.h
  COMMAND ${ELANUS_PROTOC} --proto_path=${PROJECT_SOURCE_DIR}/src --cpp_out=${generated} ${proto}
  DEPENDS ${proto} VERBATIM)
# Generated: our warnings are not its concern, and it is copied memory that it spends its time on.
set_source_files_properties(${generated}/store_milvus/milvus.pb.cc PROPERTIES COMPILE_OPTIONS "-w;-O1")
target_sources(elanus_store_milvus PRIVATE ${generated}/store_milvus/milvus.pb.cc ${generated}/store_milvus/milvus.pb.h)
target_include_directories(elanus_store_milvus SYSTEM PUBLIC $<BUILD_INTERFACE:${generated}>)
