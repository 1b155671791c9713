// How libjpeg reports: by callback, which it expects not to return. It jumps back to where the job was
// started. Inside the room only.
#pragma once
#include <csetjmp>
#include <cstdio>  // jpeglib.h needs it

#include <jpeglib.h>

#include "base/result.h"

namespace elanus::image {

struct JpegErrors {
  jpeg_error_mgr manager;  // first, so that libjpeg's pointer to it is a pointer to this
  jmp_buf back;
  ErrorKind kind;
  char message[JMSG_LENGTH_MAX];

  // What a job's `err` is to be. Until `back` is set, nothing of libjpeg that may fail may be called.
  jpeg_error_mgr* install();
};

// The error that libjpeg has just noted in `jpeg`, kept; then the jump.
[[noreturn]] void jump_back(j_common_ptr jpeg);

}  // namespace elanus::image
