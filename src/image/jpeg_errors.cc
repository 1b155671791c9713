#include "image/jpeg_errors.h"

#include <jerror.h>

#include "image/codec.h"

namespace elanus::image {
namespace {

ErrorKind kind_of(int code) {
  switch (code) {
    case JERR_ARITH_NOTIMPL:
    case JERR_BAD_PRECISION:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_NOT_COMPILED:
    case JERR_SOF_UNSUPPORTED:
      return ErrorKind::unsupported;
    case JERR_NO_BACKING_STORE:
    case JERR_OUT_OF_MEMORY:
      return ErrorKind::too_large;
    default:
      return ErrorKind::corrupt;
  }
}

}  // namespace

void jump_back(j_common_ptr jpeg) {
  auto* errors = reinterpret_cast<JpegErrors*>(jpeg->err);
  errors->kind = kind_of(jpeg->err->msg_code);
  if (errors->kind == ErrorKind::too_large)
    std::snprintf(errors->message, sizeof errors->message, "needs more than %zu MiB besides its pixels",
                  max_intermediate_bytes >> 20);
  else
    jpeg->err->format_message(jpeg, errors->message);
  std::longjmp(errors->back, 1);
}

jpeg_error_mgr* JpegErrors::install() {
  jpeg_std_error(&manager);
  manager.error_exit = jump_back;
  return &manager;
}

}  // namespace elanus::image
