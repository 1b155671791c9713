# Files as bytes in a C++ source: cmake -DOUT=x.cc -DROOT=folder -P embed.cmake. The files: *.json and page/* of ROOT.
cmake_minimum_required(VERSION 3.25)
file(GLOB names RELATIVE ${ROOT} ${ROOT}/*.json ${ROOT}/page/*)
set(arrays "")
set(table "")
set(number 0)
foreach(name ${names})
  file(READ ${ROOT}/${name} hex HEX)
  file(SIZE ${ROOT}/${name} size)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" text "${hex}")
  string(APPEND arrays "constexpr char k${number}[] = \"${text}\";\n")
  string(APPEND table "    {\"${name}\", {k${number}, ${size}}},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE ${OUT} "#include \"server/asset.h\"

namespace elanus::server {
namespace {

${arrays}
constexpr Asset kAssets[] = {
${table}};

}  // namespace

std::span<const Asset> assets() { return kAssets; }

}  // namespace elanus::server
")
